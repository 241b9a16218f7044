"""Loads from the two simulated servers, over the wire, into one warehouse."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.config import PROJECT_ROOT, paths
from pipelines.demo import settings_of_card
from pipelines.errors import SourceError
from pipelines.load import LoadReport, load
from pipelines.netsuite.tables import TABLES
from pipelines.salesforce.objects import OBJECTS
from pipelines.simulators.server import RunningServers, running_servers

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 1, 5, tzinfo=UTC)
STAMP = datetime(2025, 6, 1, 12, tzinfo=UTC)
# More than two pages of SuiteQL; the last one is full.
LINES = 3_000


@dataclass(frozen=True)
class SmallCompany:
    """A few rows of some objects; the others are empty."""

    salesforce: dict[str, list[dict[str, Any]]]
    netsuite: dict[str, list[dict[str, Any]]]
    now: datetime = NOW
    account_time_zone: str = "America/Los_Angeles"


@dataclass
class World:
    servers: RunningServers
    reports: list[LoadReport] = field(default_factory=list)

    def load(self, **options: Any) -> LoadReport:
        self.servers.clock.advance(timedelta(hours=3))
        self.reports.append(load(f"run-{len(self.reports) + 1}", **options))
        return self.reports[-1]


def record(key: str, **values: object) -> dict[str, object]:
    stamps = dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), STAMP)
    return {"Id": key, "IsDeleted": False, **stamps, **values}


def small_company() -> SmallCompany:
    return SmallCompany(
        salesforce={
            "Account": [record("001A", Name='Acme, "Ltd"'), record("001a", Name="Zoë")],
            "Opportunity": [record("006A", Amount=Decimal("1234.50"), CloseDate=date(2024, 2, 29))],
            # Read through Bulk API 2.0.
            "OrderItem": [record("802A", TotalPrice=Decimal("-0.07"), Quantity=Decimal(3))],
        },
        netsuite={
            "transaction": [
                {"id": n, "tranid": f"SO{n}", "exchangerate": Decimal("1.08671234"),
                 "trandate": date(2025, 1, 31), "lastmodifieddate": STAMP}
                for n in (8, 9, 10)
            ],
            "transactionline": [
                {"uniquekey": n, "transaction": 8, "id": n, "mainline": "F",
                 "foreignamount": Decimal(n) / 100, "linelastmodifieddate": STAMP}
                for n in range(1, LINES + 1)
            ],
            "transactionaccountingline": [
                # Untouched for years: no stamp. The last does not post.
                {"transaction": 9, "transactionline": 1, "accountingbook": 1, "posting": "T",
                 "amount": Decimal("5.05")},
                {"transaction": 9, "transactionline": 2, "accountingbook": 1, "posting": "T",
                 "amount": Decimal("-5.05"), "lastmodifieddate": STAMP},
                {"transaction": 8, "transactionline": 1, "accountingbook": 1, "posting": "F",
                 "lastmodifieddate": STAMP},
            ],
            "revenueplanplannedrevenue": [{"id": 1, "amount": Decimal("100.01")}],
        },
    )  # fmt: skip


# How each object is read, whatever its size: tests of faults count requests.
BULK = ("OpportunityLineItem", "OrderItem", "SBQQ__QuoteLine__c", "SBQQ__Subscription__c")
APIS = {spec.name: {"api": "bulk" if spec.name in BULK else "rest"} for spec in OBJECTS}


def connect(servers: RunningServers, data: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TIEOUT__DATA_DIR", str(data))
    patch.setenv("DLT_PROJECT_DIR", str(PROJECT_ROOT))
    for name, value in settings_of_card(servers.card).items():
        patch.setenv(name, value)
    patch.setenv("SOURCES__SALESFORCE__OBJECTS", json.dumps(APIS))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both servers and a warehouse loaded once."""
    with pytest.MonkeyPatch.context() as patch, running_servers(small_company()) as servers:
        connect(servers, tmp_path_factory.mktemp("data"), patch)
        made = World(servers)
        made.load()
        yield made


def ask(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths().warehouse)) as connection:
        return connection.execute(sql).fetchall()


def content() -> dict[str, list[tuple[Any, ...]]]:
    """Every raw table without the ids of loads, each in one order."""
    names = ask("""
        select schema_name, table_name from duckdb_tables()
        where schema_name in ('raw_salesforce', 'raw_netsuite')
            and not starts_with(table_name, '_dlt')""")
    return {
        name: ask(f'select * exclude (_dlt_load_id) from {schema}."{name}" order by all')
        for schema, name in names
    }


def loaded(report: LoadReport, name: str) -> int:
    return next(item.rows_loaded for item in report.objects if item.object_name == name)


def test_every_object_has_its_table_with_every_column(world: World) -> None:
    assert len(world.reports[0].objects) == len(OBJECTS) + len(TABLES)
    features = [spec.name for spec in (*OBJECTS, *TABLES) if spec.feature]
    assert [item.object_name for item in world.reports[0].skipped] == features
    width = dict(ask("select table_schema || '.' || table_name, count(*) "
                     "from information_schema.columns group by all"))  # fmt: skip
    fields = {item.object_name: item.table_name for item in world.reports[0].objects}
    for sobject in OBJECTS:
        assert width[fields[sobject.name]] == len(sobject.all_fields) + 1
    for table in TABLES:
        assert width[fields[table.name]] == len(table.columns) + 2  # and the deletion flag


def test_values_arrive_exactly(world: World) -> None:
    assert ask("select id, name, system_modstamp from raw_salesforce.account order by id") == [
        ("001A", 'Acme, "Ltd"', STAMP), ("001a", "Zoë", STAMP),
    ]  # fmt: skip
    assert ask("select amount, close_date from raw_salesforce.opportunity") == [
        (Decimal("1234.50"), date(2024, 2, 29))
    ]
    assert ask("select total_price, quantity from raw_salesforce.order_item") == [
        (Decimal("-0.07"), Decimal(3))
    ]
    # Account time: seven hours behind in June.
    assert ask("select id, exchangerate, trandate, lastmodifieddate from raw_netsuite.transaction "
               "where tranid = 'SO10'") == [
        ("10", Decimal("1.08671234"), date(2025, 1, 31), datetime(2025, 6, 1, 5)),
    ]  # fmt: skip
    assert ask("select count(*), count(distinct id), sum(foreignamount), bool_or(mainline) "
               "from raw_netsuite.transactionline") == [
        (LINES, LINES, Decimal(LINES * (LINES + 1) // 2) / 100, False),
    ]  # fmt: skip
    assert ask("select amount, posting, lastmodifieddate "
               "from raw_netsuite.transactionaccountingline order by amount nulls last") == [
        (Decimal("-5.05"), True, datetime(2025, 6, 1, 5)), (Decimal("5.05"), True, None),
        (None, False, datetime(2025, 6, 1, 5)),
    ]  # fmt: skip


def test_loads_tell_each_sources_own_time_and_address(world: World) -> None:
    assert ask("select distinct source, source_clock, source_url from raw_tieout.loads "
               "where run_id = 'run-1' order by source") == [
        ("netsuite", datetime(2026, 1, 1), "https://1234567.app.netsuite.com"),
        ("salesforce", datetime(2026, 1, 1, 8), world.servers.card["salesforce"]["instance_url"]),
    ]  # fmt: skip


def test_second_load_changes_nothing(world: World) -> None:
    before = content()
    assert sum(map(len, before.values())) > LINES
    report = world.load()
    assert content() == before
    assert loaded(report, "revenueplanplannedrevenue") == 1
    # Those with the newest stamp, again: the overlap.
    assert loaded(report, "transactionaccountingline") == 2


def test_changes_arrive_and_only_they(world: World) -> None:
    crm, erp = world.servers.salesforce.org, world.servers.netsuite.org
    crm.update("Opportunity", "006A", {"Amount": Decimal("99.99")})
    crm.update("OrderItem", "802A", {"Quantity": Decimal(4)})
    crm.delete("Account", "001a")
    erp.update("transaction", 9, {"memo": "late"})
    erp.update("revenueplanplannedrevenue", 1, {"amount": Decimal("100.02")})
    erp.delete("transaction", 10)
    world.load()
    assert ask("select amount from raw_salesforce.opportunity") == [(Decimal("99.99"),)]
    assert ask("select quantity from raw_salesforce.order_item") == [(Decimal(4),)]
    assert ask("select id from raw_salesforce.account where is_deleted") == [("001a",)]
    assert ask("select id, memo from raw_netsuite.transaction order by id") == [
        ("10", None), ("8", None), ("9", "late"),
    ]  # fmt: skip
    assert ask("select amount from raw_netsuite.revenueplanplannedrevenue") == [
        (Decimal("100.02"),)
    ]
    assert ask("select recordid, type, name from raw_netsuite.deletedrecord") == [
        ("10", "transaction", "SO10")
    ]


def test_full_refresh_of_one_table_drops_what_left_no_trace(world: World) -> None:
    world.servers.netsuite.org.remove("transactionline", (8, LINES))
    world.load()
    assert ask("select count(*) from raw_netsuite.transactionline") == [(LINES,)]
    report = world.load(full=True, only=["transactionline"])
    assert [item.object_name for item in report.objects] == ["transactionline"]
    assert ask("select count(*) from raw_netsuite.transactionline") == [(LINES - 1,)]


def test_expired_tokens_do_not_stop_a_load(world: World) -> None:
    def expire(_: object) -> None:
        if not expired:
            world.servers.salesforce.tokens.expire_all()
            world.servers.netsuite.tokens.expire_all()
            expired.append(True)

    expired: list[bool] = []
    world.load(progress=expire)
    assert expired


def test_refused_secret_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES__SALESFORCE__CLIENT_SECRET", "wrong")
    with pytest.raises(SourceError, match=r"127\.0\.0\.1:\d+ refused the credentials"):
        load("refused")


def test_optional_objects_may_be_absent_and_others_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = ("DatedConversionRate", "revenueplan")
    with running_servers(small_company(), without=absent) as servers:
        connect(servers, tmp_path, monkeypatch)
        report = load("run-1", only=["Account", "item", *absent])
    assert [item.object_name for item in report.skipped] == list(absent)
    assert ask("select count(*) from raw_salesforce.dated_conversion_rate") == [(0,)]
    with running_servers(small_company(), without=("Order",)) as servers:
        connect(servers, tmp_path, monkeypatch)
        with pytest.raises(SourceError, match="object Order"):
            load("run-2")
