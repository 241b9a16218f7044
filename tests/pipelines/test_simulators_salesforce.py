"""The Salesforce server speaks Salesforce's protocol, faults of meaning included."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from pipelines.simulators.server import RunningServers, running_servers
from tests.pipelines.simulator_fixtures import NOW, Crm, SmallCompany, account

FIRST = "001000000000001AAA"


@pytest.fixture
def servers() -> Iterator[RunningServers]:
    with running_servers(SmallCompany(), without=("CurrencyType",)) as running:
        yield running


@pytest.fixture
def crm(servers: RunningServers) -> Crm:
    return Crm(servers)


def error_code(reply: requests.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()[0]["errorCode"]


def bulk_job(crm: Crm, soql: str, operation: str = "query") -> str:
    reply = crm.call("jobs/query", "POST", json={"operation": operation, "query": soql})
    assert reply.json()["state"] == "UploadComplete"
    return f"jobs/query/{reply.json()['id']}"


def test_token_takes_basic_or_form_and_refuses_with_an_object(crm: Crm) -> None:
    grant = {"grant_type": "client_credentials"}
    own = {"client_id": crm.card["client_id"], "client_secret": crm.card["client_secret"]}
    by_form = crm.token(data={**grant, **own}).json()
    assert by_form["instance_url"] == crm.url
    assert by_form["token_type"] == "Bearer"
    assert int(by_form["issued_at"]) == NOW.timestamp() * 1000
    assert "expires_in" not in by_form
    wrong = crm.token(data={**grant, **own, "client_secret": "x"})
    assert (wrong.status_code, wrong.json()["error"]) == (400, "invalid_client")
    stranger = crm.token(data=grant, auth=("stranger", own["client_secret"]))
    assert stranger.json()["error"] == "invalid_client_id"
    assert crm.token(data={**own, "grant_type": "password"}).json()["error"] == (
        "unsupported_grant_type"
    )


def test_expired_session_is_refused_and_the_same_page_works_after_log_in(
    servers: RunningServers, crm: Crm
) -> None:
    first = crm.query("SELECT Id FROM Opportunity", **{"Sforce-Query-Options": "batchSize=200"})
    servers.salesforce.tokens.expire_all()
    path = first.json()["nextRecordsUrl"]
    assert error_code(crm.call(path)) == (401, "INVALID_SESSION_ID")
    crm.log_in()
    assert len(crm.call(path).json()["records"]) == 200


def test_token_lifetime_ends_sessions() -> None:
    with running_servers(SmallCompany(), token_lifetime=0) as running:
        assert error_code(Crm(running).call("limits")) == (401, "INVALID_SESSION_ID")


def test_versions_are_open_and_unknown_versions_and_paths_are_not_found(crm: Crm) -> None:
    versions = requests.get(f"{crm.url}/services/data", timeout=10).json()
    assert {"60.0", "68.0"} <= {version["version"] for version in versions}
    assert error_code(crm.call("/services/data/v7.0/limits")) == (404, "NOT_FOUND")
    assert error_code(crm.call("nothing")) == (404, "NOT_FOUND")


def test_every_reply_counts_requests_and_carries_the_orgs_date(crm: Crm) -> None:
    used = [
        int(reply.headers["Sforce-Limit-Info"].removeprefix("api-usage=").split("/")[0])
        for reply in (crm.call("limits"), crm.query("SELECT Nope FROM Account"))
    ]
    assert used[1] == used[0] + 1
    left = crm.call("limits")
    assert left.json()["DailyApiRequests"] == {"Max": 100_000, "Remaining": 100_000 - used[1] - 1}
    assert left.headers["Date"] == "Thu, 01 Jan 2026 05:00:00 GMT"


def test_describe_gives_types_and_what_the_org_lacks(crm: Crm) -> None:
    names = [item["name"] for item in crm.call("sobjects").json()["sobjects"]]
    assert "Order" in names
    assert "CurrencyType" not in names
    described = crm.call("sobjects/OrderItem/describe").json()
    fields = {field["name"]: field for field in described["fields"]}
    assert described["keyPrefix"] == "802"
    assert fields["TotalPrice"]["type"] == "currency"
    assert fields["TotalPrice"]["scale"] == 2
    assert fields["Id"]["nillable"] is False
    assert fields["SBQQ__RevisedOrderProduct__c"]["custom"] is True
    assert fields["SBQQ__RevisedOrderProduct__c"]["referenceTo"] == ["OrderItem"]
    assert fields["OrderId"]["referenceTo"] == ["Order"]
    user = crm.call("sobjects/User/describe").json()["fields"]
    assert "IsDeleted" not in [field["name"] for field in user]
    assert crm.call("sobjects/CurrencyType/describe").status_code == 404


def test_values_are_written_as_salesforce_writes_them(crm: Crm) -> None:
    reply = crm.query(
        "SELECT Id, Amount, CloseDate, IsWon, SystemModstamp, Name FROM Opportunity "
        "WHERE Amount = 1.1"
    )
    assert json.loads(reply.text, parse_float=Decimal) == {
        "totalSize": 1,
        "done": True,
        "records": [
            {
                "attributes": {
                    "type": "Opportunity",
                    "url": "/services/data/v60.0/sobjects/Opportunity/006000000000011AAA",
                },
                "Id": "006000000000011AAA",
                "Amount": Decimal("1.1"),
                "CloseDate": "2025-01-31",
                "IsWon": True,
                "SystemModstamp": "2025-03-01T12:00:00.000+0000",
                "Name": None,
            }
        ],
    }
    whole = crm.query("SELECT ContractTerm FROM Contract")
    assert '"ContractTerm":12}' in whole.text
    assert '"Amount":2.0}' in crm.query("SELECT Amount FROM Opportunity WHERE Amount = 2").text


def test_an_amount_beyond_a_floats_precision_survives(servers: RunningServers, crm: Crm) -> None:
    exact = Decimal("1234567890123456.78")
    servers.salesforce.org.update("Opportunity", "006000000000011AAA", {"Amount": exact})
    reply = crm.query("SELECT Amount FROM Opportunity WHERE Id = '006000000000011AAA'")
    assert json.loads(reply.text, parse_float=Decimal)["records"][0]["Amount"] == exact


@pytest.mark.parametrize(
    ("batch", "lengths"),
    [(200, [200, 200]), (150, [200, 200]), (399, [399, 1]), (2000, [400]), (None, [400])],
)
def test_pages_follow_the_batch_size_and_end_with_done(
    crm: Crm, batch: int | None, lengths: list[int]
) -> None:
    options = {"Sforce-Query-Options": f"batchSize={batch}"} if batch else {}
    page = crm.query("SELECT Id FROM Opportunity", **options).json()
    pages = [page]
    while not page["done"]:
        page = crm.call(page["nextRecordsUrl"]).json()
        pages.append(page)
    assert [len(page["records"]) for page in pages] == lengths
    assert "nextRecordsUrl" not in pages[-1]
    assert {page["totalSize"] for page in pages} == {400}
    assert len({record["Id"] for page in pages for record in page["records"]}) == 400


def test_pages_show_the_moment_of_the_query_until_the_locator_expires(
    servers: RunningServers, crm: Crm
) -> None:
    soql = "SELECT Id, Amount FROM Opportunity ORDER BY Id"
    path = crm.query(soql, **{"Sforce-Query-Options": "batchSize=200"}).json()["nextRecordsUrl"]
    servers.salesforce.org.update("Opportunity", "006000000000399AAA", {"Amount": 0})
    assert crm.call(path).json()["records"][-1]["Amount"] == 39.9
    assert crm.call(path).json()["records"][-1]["Amount"] == 39.9
    servers.clock.advance(timedelta(days=2, seconds=1))
    assert error_code(crm.call(path)) == (400, "INVALID_QUERY_LOCATOR")


def test_soft_deletes_show_in_query_all_and_hard_deletes_nowhere(
    servers: RunningServers, crm: Crm
) -> None:
    moment = datetime(2025, 12, 30, tzinfo=UTC)
    servers.salesforce.org.delete("Account", FIRST, moment)
    soql = "SELECT Id, IsDeleted, SystemModstamp FROM Account ORDER BY Id"
    assert len(crm.query(soql).json()["records"]) == 2
    shown = crm.query(soql, "queryAll").json()["records"][0]
    assert (shown["IsDeleted"], shown["SystemModstamp"]) == (True, "2025-12-30T00:00:00.000+0000")
    servers.salesforce.org.delete("Account", FIRST, hard=True)
    assert len(crm.query(soql, "queryAll").json()["records"]) == 2
    window = {"start": "2025-12-20T00:00:00+00:00", "end": "2026-01-01T00:00:00+00:00"}
    assert crm.call("sobjects/Account/deleted/", params=window).json() == {
        "deletedRecords": [{"id": FIRST, "deletedDate": "2025-12-30T00:00:00.000+0000"}],
        "earliestDateAvailable": "2025-12-17T05:00:00.000+0000",
        "latestDateCovered": "2026-01-01T00:00:00.000+0000",
    }
    window["start"] = "2025-12-01T00:00:00+00:00"
    assert error_code(crm.call("sobjects/Account/deleted/", params=window)) == (
        400,
        "INVALID_REPLICATION_DATE",
    )


def test_updated_lists_ids_by_stamp_and_silent_changes_are_missed(
    servers: RunningServers, crm: Crm
) -> None:
    org = servers.salesforce.org
    org.insert("Account", "001000000000009AAA", {"Name": "New"})
    org.update("Account", FIRST, {"Name": "Moved"})
    org.update("Account", "001000000000002AAA", {"Name": "Silent"}, stamp=False)
    window = {"start": "2025-12-31T00:00:00Z", "end": "2026-01-02T00:00:00Z"}
    reply = crm.call("sobjects/Account/updated/", params=window).json()
    assert set(reply["ids"]) == {"001000000000009AAA", FIRST}
    assert reply["latestDateCovered"] == "2026-01-01T05:00:00.000+0000"
    assert crm.ids("Name = 'Silent'") == [2]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("Name = 'ada \"a\" o\\'neil'", [1]),
        ("Name LIKE 'LINE%'", [2]),
        ("Name = null", [3]),
        ("Industry != 'Energy'", [2, 3]),
        ("Industry != null", [1]),
        ("CurrencyIsoCode IN ('EUR','USD') OR (Industry = 'Energy' AND IsDeleted = false)", [1, 2]),
        ("SystemModstamp >= 2025-06-01T02:00:00+02:00", [3]),
        ("SystemModstamp < 2025-06-01T00:00:00Z AND NOT Id = '001000000000002AAA'", [1]),
        ("Name = '2025-06-01'", []),
    ],
)
def test_conditions_mean_what_soql_means(crm: Crm, condition: str, found: list[int]) -> None:
    assert crm.ids(condition) == found


def test_order_puts_nulls_first_and_limit_counts(crm: Crm) -> None:
    reply = crm.query("SELECT Id FROM Account ORDER BY Name, Id DESC LIMIT 2").json()
    assert [record["Id"][14] for record in reply["records"]] == ["3", "1"]
    assert reply["totalSize"] == 2
    closed = crm.query("SELECT COUNT() FROM Opportunity WHERE CloseDate = 2025-01-31").json()
    assert closed == {"totalSize": 400, "done": True, "records": []}


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT Nope FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE Nope = 1", "INVALID_FIELD"),
        ("SELECT Owner.Name FROM Account", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE SystemModstamp > '2025-01-01T00:00:00Z'", "INVALID_FIELD"),
        ("SELECT Id FROM Account WHERE SystemModstamp > 2025-01-01", "INVALID_FIELD"),
        ("SELECT Amount FROM Opportunity WHERE Amount > '5'", "INVALID_FIELD"),
        ("SELECT Id FROM Nope", "INVALID_TYPE"),
        ("SELECT Id FROM CurrencyType", "INVALID_TYPE"),
        ("SELECT Id, FROM Account WHERE", "MALFORMED_QUERY"),
        ("SELECT * FROM Account", "MALFORMED_QUERY"),
        ("SELECT Id, Id FROM Account", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Name = 'a' OR Name = 'b' AND Name = 'c'", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Account)", "MALFORMED_QUERY"),
        ("SELECT Name FROM Account GROUP BY Name", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account WHERE SystemModstamp > 2025-13-01T00:00:00Z", "MALFORMED_QUERY"),
        ("SELECT Id FROM Account; DROP TABLE Account", "MALFORMED_QUERY"),
        ("DELETE FROM Account", "MALFORMED_QUERY"),
        ("", "MALFORMED_QUERY"),
    ],
)
def test_bad_queries_are_refused_with_salesforces_code(crm: Crm, soql: str, code: str) -> None:
    assert error_code(crm.query(soql)) == (400, code)


def test_replies_are_compressed_when_accepted(crm: Crm) -> None:
    soql = "SELECT Id FROM Opportunity"
    assert crm.query(soql).headers["Content-Encoding"] == "gzip"
    plain = crm.query(soql, **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers


def test_bulk_results_are_complete_over_pages_in_an_order_that_means_nothing(crm: Crm) -> None:
    job = bulk_job(
        crm, "SELECT Id, Quantity, TotalPrice, OrderItemNumber FROM OrderItem", "queryAll"
    )
    state = crm.call(job).json()
    assert (state["state"], state["numberRecordsProcessed"]) == ("JobComplete", 25)
    rows: list[dict[str, str]] = []
    parameters: dict[str, Any] = {"maxRecords": 10}
    lengths = []
    while parameters.get("locator") != "null":
        reply = crm.call(f"{job}/results", params=parameters)
        assert reply.text == crm.call(f"{job}/results", params=parameters).text
        lengths.append(reply.headers["Sforce-NumberOfRecords"])
        rows += csv.DictReader(io.StringIO(reply.text))
        parameters["locator"] = reply.headers["Sforce-Locator"]
    assert lengths == ["10", "10", "5"]
    by_id = {row["Id"]: row for row in rows}
    assert sorted(by_id) == [f"802{number:012d}AAA" for number in range(25)]
    assert [row["Id"] for row in rows] != sorted(by_id)
    assert by_id["802000000000002AAA"] == {
        "Id": "802000000000002AAA",
        "Quantity": "2.0",
        "TotalPrice": "0.2",
        "OrderItemNumber": "",
    }


def test_bulk_csv_quotes_everything_and_keeps_line_breaks(crm: Crm) -> None:
    job = bulk_job(crm, "SELECT Name, Industry, SystemModstamp FROM Account ORDER BY Id LIMIT 2")
    crm.call(job)
    assert crm.call(f"{job}/results").text == (
        '"Name","Industry","SystemModstamp"\n'
        '"Ada ""A"" O\'Neil","Energy","2025-03-01T12:00:00.000Z"\n'
        '"line\nbreak","","2025-03-01T12:00:00.000Z"\n'
    )
    empty = bulk_job(crm, "SELECT Id FROM Account WHERE Name = 'none'")
    crm.call(empty)
    reply = crm.call(f"{empty}/results")
    assert (reply.text, reply.headers["Sforce-Locator"]) == ('"Id"\n', "null")


def test_bulk_job_states(servers: RunningServers, crm: Crm) -> None:
    servers.salesforce.bulk.polls = 1
    job = bulk_job(crm, "SELECT Id FROM OrderItem")
    assert error_code(crm.call(f"{job}/results")) == (400, "INVALIDJOBSTATE")
    assert [crm.call(job).json()["state"] for _ in range(3)] == [
        "InProgress",
        "JobComplete",
        "JobComplete",
    ]
    assert crm.call(f"{job}/results").headers["Sforce-NumberOfRecords"] == "24"
    assert crm.call(f"/services/data/v61.0/{job}/results").status_code == 409
    assert crm.call(job, "DELETE").status_code == 204
    assert crm.call(job).status_code == 404
    other = bulk_job(crm, "SELECT Id FROM OrderItem")
    assert crm.call(other, "PATCH", json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert crm.call(other).json()["state"] == "Aborted"


@pytest.mark.parametrize(
    ("soql", "code"),
    [
        ("SELECT COUNT() FROM Account", "API_ERROR"),
        ("SELECT Id FROM Account LIMIT 5 OFFSET 5", "API_ERROR"),
        ("SELECT Nope FROM Account", "INVALID_FIELD"),
    ],
)
def test_bulk_refuses_at_creation(crm: Crm, soql: str, code: str) -> None:
    asked = {"operation": "query", "query": soql}
    assert error_code(crm.call("jobs/query", "POST", json=asked)) == (400, code)


def test_mutations_of_unknown_records_or_fields_fail(servers: RunningServers) -> None:
    org = servers.salesforce.org
    with pytest.raises(KeyError, match="no record"):
        org.update("Account", "001000000000077AAA", {"Name": "x"})
    with pytest.raises(KeyError, match="no column Nope"):
        org.insert("Account", "001000000000077AAA", {"Nope": 1})
    with pytest.raises(KeyError, match="no record"):
        org.delete("Account", "001000000000077AAA", hard=True)


def test_an_amount_that_would_be_rounded_is_refused() -> None:
    company = SmallCompany()
    company.salesforce["Opportunity"].append(
        {"Id": "006000000000999AAA", "Amount": Decimal("0.12345678901")}
    )
    with pytest.raises(ValueError, match="data loss"), running_servers(company):
        pass


class PlainHttp(HTTPAdapter):
    """simple_salesforce insists on https: send its requests as http."""

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        request.url = str(request.url).replace("https://", "http://", 1)
        return super().send(request, *args, **kwargs)


def test_a_foreign_client_reads_everything(servers: RunningServers, crm: Crm) -> None:
    servers.salesforce.org.load("Account", [account(number) for number in range(10, 2500)])
    session = requests.Session()
    session.mount("https://", PlainHttp())
    client = Salesforce(
        session_id=str(crm.session.headers["Authorization"]).split()[1],
        instance_url=crm.url.replace("http://", "https://"),
        session=session,
        version="60.0",
    )
    over_rest = client.query_all("SELECT Id, Name FROM Account")
    assert len({record["Id"] for record in over_rest["records"]}) == 2493
    pages = list(
        client.bulk2.Account.query("SELECT Id, Name FROM Account", max_records=1000, wait=0.05)
    )
    rows = [row for page in pages for row in csv.DictReader(io.StringIO(page))]
    assert len(pages) == 3
    assert {row["Id"]: row["Name"] for row in rows} == {
        record["Id"]: record["Name"] or "" for record in over_rest["records"]
    }
