"""Loads of an in-memory source through real dlt pipelines into a real warehouse."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.config import PROJECT_ROOT, paths
from pipelines.errors import ConfigurationError, SourceError, TieoutError
from pipelines.load import LoadReport, audit, load, stage
from pipelines.load.configured import environment_variable
from pipelines.load.connectors import Connected
from pipelines.load.convert import MONEY
from pipelines.load.resource import RawTable, Reader

pytestmark = pytest.mark.integration

TYPES = {
    "Id": pa.string(),
    "Amount__c": MONEY,
    "Empty__c": pa.date32(),
    "IsDeleted": pa.bool_(),
    "SystemModstamp": pa.timestamp("us", "UTC"),
}
ACCOUNT_TIME = {**TYPES, "SystemModstamp": pa.timestamp("us")}
CLOCK = datetime(2026, 1, 1, 5)


class Source:
    """Objects as lists of text rows; `asked` keeps what each read was asked for."""

    def __init__(self) -> None:
        self.rows = {"Deal__c": [], "Rate": [], "Naive": []}
        self.asked = {}
        self.skipped = {"Rate": None}
        self.broken = None

    def put(
        self, name: str, key: str | None, amount: str, stamp: str | None, deleted: str = "false"
    ) -> None:
        kept = [row for row in self.rows[name] if row[0] != key]
        self.rows[name] = [*kept, [key, amount, None, deleted, stamp]]

    def read(self, name: str) -> Reader:
        def pages(since: datetime | None) -> Iterator[pa.Table]:
            self.asked[name] = since
            # As the servers do: the stamps are compared, rows without one never match.
            since_text = f"{since:%Y-%m-%dT%H:%M:%S}" if since else ""
            rows = [row for row in self.rows[name] if not since or (row[4] or "") >= since_text]
            yield pa.table(
                {
                    column: pa.array([row[n] for row in rows], pa.string())
                    for n, column in enumerate(TYPES)
                }
            )
            if self.broken == name:
                raise SourceError("gone", source="salesforce", object_name=name, fix="wait")

        return pages

    def connected(self, source: str = "salesforce") -> Connected:
        def table(name: str, types: dict[str, pa.DataType], cursor: str | None) -> RawTable:
            return RawTable(
                source, name, types, ("Id",), cursor, self.read(name), self.skipped.get(name)
            )

        tables = (
            table("Deal__c", TYPES, "SystemModstamp"),
            table("Naive", ACCOUNT_TIME, "SystemModstamp"),
            table("Rate", TYPES, None),
        )
        return Connected(source, tables, CLOCK, "https://web", 600, 2)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv("TIEOUT__DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DLT_PROJECT_DIR", str(PROJECT_ROOT))
    made = Source()
    monkeypatch.setattr(stage, "prepare", lambda only: [made.connected])
    made.put("Deal__c", "1", "10.01", "2025-01-01T10:00:00Z")
    made.put("Deal__c", "2", "20.02", "2025-01-01T11:00:00Z")
    made.put("Deal__c", "3", "30.03", None)
    made.put("Naive", "1", "1", "2025-01-01T10:00:00")
    made.put("Rate", "1", "0.9", "2025-01-01T10:00:00Z")
    made.put("Rate", "2", "0.8", "2025-01-01T10:00:00Z")
    return made


def ask(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths().warehouse)) as connection:
        return connection.execute(sql).fetchall()


def deals() -> dict[str, Decimal]:
    return dict(ask("select id, amount_c from raw_salesforce.deal_c order by id"))


def columns(table: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in ask(f"describe {table}")}


def rows_of(report: LoadReport, name: str) -> int:
    return next(item.rows_loaded for item in report.objects if item.object_name == name)


def test_loading_changing_and_loading_again(source: Source) -> None:
    seen = []
    report = load("run-1", progress=seen.append)
    first = deals()
    assert first == {"1": Decimal("10.01"), "2": Decimal("20.02"), "3": Decimal("30.03")}
    assert columns("raw_salesforce.deal_c") == {
        "id": "VARCHAR",
        "amount_c": "DECIMAL(28,10)",
        "empty_c": "DATE",
        "is_deleted": "BOOLEAN",
        "system_modstamp": "TIMESTAMP WITH TIME ZONE",
        "_dlt_load_id": "VARCHAR",
    }
    assert columns("raw_salesforce.naive")["system_modstamp"] == "TIMESTAMP"
    assert source.asked == dict.fromkeys(source.rows)
    assert {(p.object_name, p.stage) for p in seen} >= {
        ("Deal__c", "reading"),
        ("Deal__c", "read"),
        ("Deal__c", "loaded"),
    }
    assert report.rows_loaded == 6

    # Nothing changed: only the overlap is read again, and nothing moves.
    again = load("run-2")
    assert deals() == first
    assert f"{source.asked['Deal__c']:%H:%M:%S%z}" == "10:50:00+0000"
    assert f"{source.asked['Naive']:%H:%M:%S}" == "09:50:00"
    assert (rows_of(again, "Deal__c"), rows_of(again, "Rate")) == (1, 2)

    # A late commit, stamped inside the overlap; an update; a soft delete; a row that vanished.
    source.put("Deal__c", "4", "40.04", "2025-01-01T10:55:00Z")
    source.put("Deal__c", "1", "11.11", "2025-01-02T00:00:00Z")
    source.put("Deal__c", "2", "20.02", "2025-01-02T00:00:00Z", deleted="true")
    source.rows["Rate"].pop(0)
    load("run-3")
    assert deals() == {
        "1": Decimal("11.11"),
        "2": Decimal("20.02"),
        "3": Decimal("30.03"),
        "4": Decimal("40.04"),
    }
    assert ask("select id from raw_salesforce.deal_c where is_deleted") == [("2",)]
    assert ask("select id from raw_salesforce.rate") == [("2",)]

    # Every row names a load on record, with the run and the source's clock.
    assert ask("""
        select distinct l.run_id from raw_salesforce.deal_c d
        join raw_tieout.loads l on l.load_id = d._dlt_load_id and l.object_name = 'Deal__c'
        order by all""") == [("run-1",), ("run-3",)]
    assert ask(
        "select distinct source_clock, source_url, table_name from raw_tieout.loads "
        "where object_name = 'Rate'"
    ) == [(CLOCK, "https://web", "raw_salesforce.rate")]

    # A full refresh forgets cursors and drops what the source no longer has.
    source.rows["Deal__c"].pop(0)
    load("run-4", full=True)
    assert source.asked["Deal__c"] is None
    assert len(deals()) == 3
    load("run-5")
    assert f"{source.asked['Deal__c']:%d %H:%M:%S%z}" == "01 23:50:00+0000"


def test_text_in_an_amount_goes_to_quarantine_and_the_type_stays(source: Source) -> None:
    load("run-1")
    source.put("Deal__c", "2", "twenty", "2025-01-02T00:00:00Z")
    source.put("Deal__c", "5", "50.05", "2025-01-02T00:00:00Z")
    source.put("Deal__c", None, "60.06", "2025-01-02T00:00:00Z")
    before = columns("raw_salesforce.deal_c")
    report = load("run-2")
    assert columns("raw_salesforce.deal_c") == before
    assert deals()["5"] == Decimal("50.05")
    assert (rows_of(report, "Deal__c"), report.rows_quarantined) == (1, 2)
    assert ask("""
        select q.object_name, record_id, field_name, raw_value, reason_code, rows_quarantined
        from raw_tieout.quarantine q join raw_tieout.loads l using (load_id, object_name)
        order by reason_code""") == [
        ("Deal__c", "", "Id", None, "missing_key", 2),
        ("Deal__c", "2", "Amount__c", "twenty", "unparseable_decimal", 2),
    ]


def test_skipped_object_has_its_table_and_keeps_what_it_had(source: Source) -> None:
    source.skipped["Rate"] = "feature off"
    report = load("run-1")
    assert [(item.object_name, item.skipped) for item in report.skipped] == [
        ("Rate", "feature off"),
    ]
    assert columns("raw_salesforce.rate")["amount_c"] == "DECIMAL(28,10)"
    assert ask("select count(*) from raw_tieout.loads where object_name = 'Rate'") == [(0,)]
    source.skipped["Rate"] = None
    load("run-2")
    source.skipped["Rate"] = "permission lost"
    load("run-3")
    assert ask("select count(*) from raw_salesforce.rate") == [(2,)]


def test_a_failed_load_changes_nothing_and_the_next_one_repairs(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    load("run-1")
    before = deals()
    source.put("Deal__c", "1", "99.99", "2025-01-02T00:00:00Z")
    source.rows["Deal__c"].pop(0)
    source.broken = "Deal__c"
    for full in (False, True):
        with pytest.raises(SourceError, match=r"object Deal__c\] gone"):
            load("run-2", full=full)
        assert deals() == before
    source.broken = None
    # Dies between reading and writing, the cursor already moved in dlt's working folder.
    with monkeypatch.context() as patch:
        patch.setattr("dlt.Pipeline.normalize", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            load("run-3")
    assert deals() == before
    load("run-4")
    assert deals()["1"] == Decimal("99.99")


def test_a_source_that_falls_silent_does_not_empty_a_table(source: Source) -> None:
    load("run-1")
    source.rows["Rate"] = []
    with pytest.raises(SourceError, match=r"object Rate.*2 are in the warehouse"):
        load("run-2")
    assert ask("select count(*) from raw_salesforce.rate") == [(2,)]


def test_a_deleted_warehouse_is_filled_anew(source: Source) -> None:
    load("run-1")
    paths().warehouse.unlink()
    load("run-2")
    assert len(deals()) == 3


def test_both_record_tables_exist_even_without_rows(source: Source) -> None:
    source.rows = {name: [] for name in source.rows}
    report = load("run-1")
    assert report.rows_loaded == 0
    assert deals() == {}
    assert ask(f"select count(*) from {audit.SCHEMA}.loads") == [(3,)]
    assert ask(f"select count(*) from {audit.SCHEMA}.quarantine") == [(0,)]


def test_nothing_is_written_outside_the_data_folder(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    load("run-1")
    assert list(home.iterdir()) == []


def test_changed_type_of_a_column_is_refused(source: Source) -> None:
    load("run-1")
    source.connected = _with_text_amount(source.connected)
    stage.prepare = lambda only: [source.connected]
    with pytest.raises(TieoutError, match="amount_c"):
        load("run-2")
    assert columns("raw_salesforce.deal_c")["amount_c"] == "DECIMAL(28,10)"


def _with_text_amount(connected: Callable[[], Connected]) -> Callable[[], Connected]:
    def changed() -> Connected:
        made = connected()
        for table in made.tables:
            table.types["Amount__c"] = pa.string()
        return made

    return changed


def test_unknown_object_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIEOUT__DATA_DIR", str(tmp_path))
    for name in ("instance_url", "client_id", "client_secret"):
        monkeypatch.setenv(environment_variable("salesforce", name), "x")
    for name in ("account_id", "consumer_key", "consumer_secret", "token_id", "token_secret"):
        monkeypatch.setenv(environment_variable("netsuite", name), "x")
    with pytest.raises(ConfigurationError, match="No such object or table: Acount"):
        load("run-1", only=["Acount"])
