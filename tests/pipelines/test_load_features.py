"""Objects of features that not every org has: loaded as soon as an org has rows of them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from connector_wire import Answer, Wire
from test_connectors_netsuite import NOW, client, connected, page
from test_load_servers import SmallCompany, ask, connect, record

from pipelines.errors import SourceError
from pipelines.load import LoadReport, load
from pipelines.netsuite import client as netsuite_client
from pipelines.netsuite import suiteql
from pipelines.netsuite.keys import deletions
from pipelines.netsuite.source import read
from pipelines.netsuite.tables import TABLES
from pipelines.salesforce.objects import OBJECTS
from pipelines.simulators.server import RunningServers, running_servers

STAMP = datetime(2025, 6, 1, 12, tzinfo=UTC)
VALUES = {
    "id": 7, "text": "x", "boolean": "T", "integer": 3, "decimal": Decimal("12.3456"),
    "date": date(2025, 1, 31), "datetime": STAMP, "string": "x", "reference": "001A",
    "picklist": "x", "currency": Decimal("0.10"), "double": Decimal("1.5"),
    "percent": Decimal("12.5"), "int": 2,
}  # fmt: skip
LINKS = next(table for table in TABLES if table.name == "nexttransactionlinelink")
KINDS = ("OrdBill", "ShipRcpt")


def company() -> SmallCompany:
    """A row with a value in every column of every object that a feature brings, and links."""
    objects = [each for each in OBJECTS if each.feature or each.name == "OpportunityHistory"]
    tables = [each for each in TABLES if each.feature]
    links = [
        {"previousdoc": 1, "previousline": line, "nextdoc": 2, "nextline": line, "linktype": kind,
         "previoustype": "SalesOrd", "nexttype": "CustInvc", "foreignamount": Decimal("0.10"),
         "lastmodifieddate": STAMP}
        for line in (1, 2, 3) for kind in KINDS
    ]  # fmt: skip
    salesforce: dict[str, list[dict[str, Any]]] = {
        each.name: [
            {name: value for name, value in
             record("1", **{name: VALUES[kind] for name, kind in each.fields.items()}).items()
             if name not in each.lacks}
        ]
        for each in objects
    }  # fmt: skip
    netsuite: dict[str, list[dict[str, Any]]] = {
        each.name: [{name: VALUES[kind] for name, kind in each.columns.items()}] for each in tables
    }
    return SmallCompany(salesforce, {**netsuite, LINKS.name: links})


@pytest.fixture(scope="module")
def servers() -> Iterator[RunningServers]:
    with running_servers(company()) as running:
        yield running


@pytest.fixture
def report(servers: RunningServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadReport:
    connect(servers, tmp_path, monkeypatch)
    monkeypatch.setattr(netsuite_client, "PAGE_ROWS", 3)
    monkeypatch.setattr(suiteql, "PAGE_ROWS", 3)
    crm, erp = company().salesforce, company().netsuite
    return load("run-1", only=[*crm, *erp])


@pytest.mark.integration
def test_each_is_loaded_with_every_column(report: LoadReport) -> None:
    assert report.skipped == ()
    assert {item.object_name: item.rows_loaded for item in report.objects} == {
        name: len(rows) for name, rows in (company().salesforce | company().netsuite).items()
    }
    for table in (item.table_name for item in report.objects):
        [row] = ask(f"select * from {table} limit 1")
        assert None not in row, table
    assert ask("select usagequantity, usagedate from raw_netsuite.usage") == [
        (Decimal("12.3456"), date(2025, 1, 31))
    ]
    assert ask("select count(*), count(distinct (nextline, linktype)), sum(foreignamount) "
               "from raw_netsuite.nexttransactionlinelink") == [
        (6, 6, Decimal("0.60")),
    ]  # fmt: skip


@pytest.mark.integration
def test_link_that_is_gone_is_marked(servers: RunningServers, report: LoadReport) -> None:
    servers.netsuite.org.remove(LINKS.name, (1, 3, 2, 3, "OrdBill"))
    try:
        load("run-2", only=[LINKS.name])
        assert ask("select linktype from raw_netsuite.nexttransactionlinelink "
                   "where _tieout_is_deleted") == [("OrdBill",)]  # fmt: skip
    finally:
        servers.netsuite.org.load(LINKS.name, company().netsuite[LINKS.name][4:5])


def link(line: int, kind: str) -> dict[str, str]:
    return {"previousdoc": "1", "previousline": str(line), "nextdoc": "2", "nextline": str(line),
            "linktype": kind}  # fmt: skip


def test_page_that_ends_between_rows_of_one_key_is_cut_before_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account, _ = connected(
        monkeypatch,
        page([link(1, "a"), link(1, "b"), link(2, "a")], True),
        page([link(2, "a"), link(2, "b")]),
    )
    pages = [part.select(["nextline", "linktype"]) for part in read(account, NOW, LINKS, None)]
    assert [tuple(row.values()) for part in pages for row in part.to_pylist()] == [
        ("1", "a"), ("1", "b"), ("2", "a"), ("2", "b"),
    ]  # fmt: skip


def test_page_full_of_one_key_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    account, _ = connected(monkeypatch, page([link(1, "a"), link(1, "b")], True))
    with pytest.raises(SourceError, match="More than 2 rows share"):
        list(read(account, NOW, LINKS, None))


def test_links_are_compared_by_the_document_they_lead_to(monkeypatch: pytest.MonkeyPatch) -> None:
    Wire(lambda _: Answer({})).install(monkeypatch)
    found = deletions(client(), NOW, LINKS)
    assert found is not None
    assert (found.scope_column, found.touched_by["transaction"]) == ("nextdoc", "id")
