"""Clients that nobody here wrote read the servers as they read the real systems."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound
from simulator_fixtures import NOW, Crm, SmallCompany, account
from test_simulators_salesforce import PlainHttp

from pipelines.simulators.faults import Fault, Scenario
from pipelines.simulators.server import RunningServers, running_servers

ACCOUNTS = 5_000
FIRST, SECOND = (f"001{number:012d}AAA" for number in (1, 2))


@pytest.fixture(scope="module")
def servers() -> Iterator[RunningServers]:
    company = SmallCompany()
    company.salesforce["Account"] = [account(number) for number in range(1, ACCOUNTS + 1)]
    with running_servers(company) as running:
        yield running


@pytest.fixture(scope="module")
def client(servers: RunningServers) -> Salesforce:
    crm = Crm(servers)
    session = requests.Session()
    session.mount("https://", PlainHttp())
    return Salesforce(
        session_id=str(crm.session.headers["Authorization"]).split()[1],
        instance_url=crm.url.replace("http://", "https://"),
        session=session,
        version="60.0",
    )


def test_pages_follow_one_another_by_their_own_address(client: Salesforce) -> None:
    page = client.query("SELECT Id FROM Account")
    found = [record["Id"] for record in page["records"]]
    while not page["done"]:
        page = client.query_more(page["nextRecordsUrl"], identifier_is_url=True)
        found += [record["Id"] for record in page["records"]]
    assert (page["totalSize"], len(found), len(set(found))) == (ACCOUNTS,) * 3
    assert {record["Id"] for record in client.query_all_iter("SELECT Id FROM Account")} == set(
        found
    )
    assert len(client.query_all("SELECT Id FROM Account")["records"]) == ACCOUNTS


@pytest.mark.parametrize("rows", [999, 1_000, 2_500, ACCOUNTS])
def test_bulk_results_come_in_pages_of_the_size_asked_for(client: Salesforce, rows: int) -> None:
    pages = list(
        client.bulk2.Account.query("SELECT Id, Name FROM Account", max_records=rows, wait=0.05)
    )
    found = [[row["Id"] for row in csv.DictReader(io.StringIO(page))] for page in pages]
    assert [len(page) for page in found[:-1]] == [rows] * (len(found) - 1)
    assert len({key for page in found for key in page}) == ACCOUNTS
    assert len(found) == -(-ACCOUNTS // rows)


def test_usage_of_the_app_is_understood(servers: RunningServers, client: Salesforce) -> None:
    client.query("SELECT Id FROM Account LIMIT 1")
    assert client.api_usage["api-usage"].total == 100_000
    servers.salesforce.scenario = Scenario([Fault("per_app_limit")])
    client.query("SELECT Id FROM Account LIMIT 1")
    servers.salesforce.scenario = None
    app = client.api_usage["per-app-api-usage"]
    assert (app.used, app.total, app.name) == (17, 250, "sample-connected-app")


def test_descriptions_changes_and_refusals_are_understood(
    servers: RunningServers, client: Salesforce
) -> None:
    assert client.Account.describe()["keyPrefix"] == "001"
    servers.clock.advance(timedelta(hours=1))
    servers.salesforce.org.update("Account", FIRST, {"Name": "Changed"})
    servers.salesforce.org.delete("Account", SECOND)
    window = (NOW, NOW + timedelta(hours=2))
    assert FIRST in client.Account.updated(*window)["ids"]
    assert [each["id"] for each in client.Account.deleted(*window)["deletedRecords"]] == [SECOND]
    soql = f"SELECT Id FROM Account WHERE Id = '{SECOND}'"
    assert client.query(soql)["totalSize"] == 0
    assert client.query(soql, include_deleted=True)["totalSize"] == 1
    with pytest.raises(SalesforceMalformedRequest, match="No such column 'Nope'"):
        client.query("SELECT Nope FROM Account")
    with pytest.raises(SalesforceResourceNotFound):
        client.Nothing.describe()
