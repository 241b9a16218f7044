"""Records that vanish at the source are marked in the warehouse by the next ordinary load."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from simulator_fixtures import SmallCompany

from pipelines.config import PROJECT_ROOT, paths
from pipelines.demo import settings_of_card
from pipelines.errors import SourceError
from pipelines.load import LoadProgress, load
from pipelines.simulators import salesforce_objects
from pipelines.simulators.server import RunningServers, running_servers

pytestmark = pytest.mark.integration

STAMP = datetime(2025, 6, 1, 12, tzinfo=UTC)
LATER = datetime(2025, 9, 1, 12, tzinfo=UTC)
AFTER = timedelta(hours=3)
SALESFORCE = ("Account", "OrderItem", "CurrencyType")
NETSUITE = (
    "customer",
    "transaction",
    "transactionline",
    "transactionaccountingline",
    "deletedrecord",
)


class World:
    """Both servers with some records, loaded once."""

    def __init__(self, servers: RunningServers) -> None:
        self.crm = servers.salesforce.org
        self.erp = servers.netsuite.org
        self.clock = servers.clock
        self.loads: list[str] = []

    def load(self, after: timedelta = AFTER, **options: Any) -> None:
        self.clock.advance(after)
        report = load(f"run-{len(self.loads) + 1}", **{"only": [*SALESFORCE, *NETSUITE], **options})
        self.loads.append("/".join(report.load_ids.values()))


def record(key: str, stamp: datetime = STAMP, **values: object) -> dict[str, object]:
    stamps = dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), stamp)
    return {"Id": key, "IsDeleted": False, **stamps, **values}


def company() -> SmallCompany:
    """The last record of each object has a newer stamp: a load's overlap does not reach others."""
    accounting = [
        {"transaction": 8, "transactionline": n, "accountingbook": 1, "posting": "T"}
        for n in (1, 2)
    ]
    return SmallCompany(
        salesforce={
            "Account": [record("001A"), record("001B"), record("001C"), record("001D", LATER)],
            # Read through Bulk API 2.0.
            "OrderItem": [record("802A"), record("802B"), record("802C", LATER)],
            "CurrencyType": [record("01LA", IsoCode="EUR"), record("01LB", LATER, IsoCode="USD")],
        },
        netsuite={
            "customer": [
                {"id": n, "entityid": f"C{n}", "lastmodifieddate": at}
                for n, at in ((9, STAMP), (5, STAMP), (6, LATER))
            ],
            "transaction": [
                {"id": n, "tranid": f"SO{n}", "lastmodifieddate": at}
                for n, at in ((8, STAMP), (9, STAMP), (10, STAMP), (11, LATER))
            ],
            "transactionline": [
                {"uniquekey": 100 * t + n, "transaction": t, "id": n, "linelastmodifieddate": at}
                for t, at in ((8, STAMP), (9, STAMP), (10, STAMP), (11, LATER))
                for n in (0, 1, 2)
            ],
            "transactionaccountingline": [
                *({**line, "lastmodifieddate": STAMP} for line in accounting),
                {**accounting[0], "transaction": 11, "lastmodifieddate": LATER},
            ],
        },
    )


def connect(servers: RunningServers, data: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("TIEOUT__DATA_DIR", str(data))
    patch.setenv("DLT_PROJECT_DIR", str(PROJECT_ROOT))
    for name, value in settings_of_card(servers.card).items():
        patch.setenv(name, value)


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that holds the company."""
    data = tmp_path_factory.mktemp("loaded")
    with pytest.MonkeyPatch.context() as patch, running_servers(company()) as servers:
        connect(servers, data, patch)
        World(servers).load()
    return data


@pytest.fixture
def world(loaded_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The company again, and a data folder that holds it."""
    data = shutil.copytree(loaded_once, tmp_path / "data")
    with running_servers(company()) as servers:
        connect(servers, data, monkeypatch)
        made = World(servers)
        made.clock.advance(AFTER)
        yield made


def ask(sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(paths().warehouse)) as connection:
        return connection.execute(sql).fetchall()


def marked() -> dict[str, list[str]]:
    """Keys of all marked rows by table; a table without any is left out."""
    tables = {
        "salesforce.account": ("id", "is_deleted"),
        "salesforce.order_item": ("id", "is_deleted"),
        "salesforce.currency_type": ("id", "is_deleted"),
        "netsuite.customer": ("id", "_tieout_is_deleted"),
        "netsuite.transaction": ("id", "_tieout_is_deleted"),
        "netsuite.transactionline": ("transaction || '/' || id", "_tieout_is_deleted"),
        "netsuite.transactionaccountingline": (
            "transaction || '/' || transactionline",
            "_tieout_is_deleted",
        ),
    }
    found = {
        table.partition(".")[2]: [
            key for (key,) in ask(f"select {key} from raw_{table} where {flag} order by all")
        ]
        for table, (key, flag) in tables.items()
    }
    return {table: keys for table, keys in found.items() if keys}


def rows_without_flags() -> dict[str, list[tuple[Any, ...]]]:
    excluded = {"salesforce": "is_deleted", "netsuite": "_tieout_is_deleted"}
    return {
        table: ask(
            f"select * exclude (_dlt_load_id, {excluded[source]}) "
            f"from raw_{source}.{table} order by all"
        )
        for source, tables in (
            ("salesforce", ("account", "order_item")),
            ("netsuite", ("transaction", "transactionline", "transactionaccountingline")),
        )
        for table in tables
    }


def searched(name: str) -> list[tuple[Any, ...]]:
    """Method, marked and restored rows of each load, in order."""
    return ask(
        "select method, rows_marked, rows_restored from raw_tieout.deletions "
        f"where object_name = '{name}' order by cast(load_id as decimal(28, 10))"
    )


def identities(name: str) -> list[tuple[Any, ...]]:
    """Method, expected, in the warehouse, missing, unexpected of each comparison, in order."""
    return ask(
        "select method, rows_expected, rows_in_warehouse, rows_missing, rows_unexpected "
        f"from raw_tieout.identities where object_name = '{name}' "
        "order by cast(load_id as decimal(28, 10))"
    )


def test_a_load_in_which_nothing_vanished_marks_nothing(world: World) -> None:
    assert marked() == {}
    assert identities("Account") == []
    before = rows_without_flags()
    world.load()
    assert marked() == {}
    assert rows_without_flags() == before
    assert searched("Account") == [("read_whole", 0, 0), ("deleted_log", 0, 0)]
    assert searched("transactionline") == [("read_whole", 0, 0), ("changed_keys", 0, 0)]
    # Of what the overlap read again: the lines of transaction 11.
    assert identities("transactionline") == [("changed_keys", 3, 3, 0, 0)]


def test_salesforce_records_deleted_for_good_are_marked(world: World) -> None:
    before = rows_without_flags()
    world.crm.delete("Account", "001A", hard=True)
    world.crm.delete("OrderItem", "802B", hard=True)
    world.load()
    assert marked() == {"account": ["001A"], "order_item": ["802B"]}
    assert rows_without_flags() == before
    assert searched("Account")[-1] == ("deleted_log", 1, 0)
    assert identities("Account") == [("deleted_log", 0, 1, 0, 1)]
    # The mark lasts.
    world.load()
    assert marked() == {"account": ["001A"], "order_item": ["802B"]}
    assert searched("Account")[-1] == ("deleted_log", 0, 0)


def test_a_salesforce_record_deleted_and_restored_is_back(world: World) -> None:
    world.crm.delete("Account", "001B")
    world.load()
    assert marked() == {"account": ["001B"]}
    world.crm.update("Account", "001B", {"IsDeleted": False})
    world.load()
    assert marked() == {}
    # Both between two loads: the log names it, the org has it.
    world.crm.delete("Account", "001C")
    world.crm.update("Account", "001C", {"IsDeleted": False})
    world.load()
    assert marked() == {}
    assert identities("Account")[-1] == ("deleted_log", 1, 1, 0, 0)


def test_a_window_the_log_does_not_reach_is_compared_by_key(world: World) -> None:
    world.crm.delete("Account", "001A", hard=True)
    world.crm.delete("OrderItem", "802A", hard=True)
    world.clock.advance(timedelta(days=20))
    world.load()
    assert marked() == {"account": ["001A"], "order_item": ["802A"]}
    assert searched("Account")[-1] == ("all_keys", 1, 0)
    assert identities("Account") == [("all_keys", 3, 4, 0, 1)]


def test_a_refusing_log_is_replaced_by_the_key_comparison(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(salesforce_objects, "DELETED_SINCE", timedelta(hours=1))
    world.crm.remove("Account", "001A")
    world.load()
    assert marked() == {"account": ["001A"]}
    assert identities("Account") == [("all_keys", 3, 4, 0, 1)]


def test_removed_lines_are_marked_when_their_transaction_changes(world: World) -> None:
    before = rows_without_flags()
    world.erp.remove("transactionline", (8, 2))
    world.erp.remove("transactionaccountingline", (8, 2, 1))
    world.erp.remove("transactionline", (9, 1))
    world.erp.remove("transactionline", (10, 1))
    # The header of 8, a line of 9, nothing of 10.
    world.erp.update("transaction", 8, {}, at=world.clock.now)
    world.erp.update("transactionline", (9, 2), {}, at=world.clock.now)
    world.load()
    assert marked() == {
        "transactionline": ["8/2", "9/1"],
        "transactionaccountingline": ["8/2"],
    }
    after = rows_without_flags()
    assert {table: len(rows) for table, rows in after.items()} == {
        table: len(rows) for table, rows in before.items()
    }
    # Transactions 8, 9 and, by the overlap, 11.
    assert identities("transactionline") == [("changed_keys", 7, 9, 0, 2)]
    assert identities("transactionaccountingline") == [("changed_keys", 2, 3, 0, 1)]
    # The line that vanished without any change is found when all keys are compared.
    world.load(timedelta(days=8))
    assert marked()["transactionline"] == ["10/1", "8/2", "9/1"]
    assert identities("transactionline")[-1] == ("all_keys", 9, 10, 0, 1)
    # A line that returns is unmarked.
    world.erp.insert("transactionline", (8, 2), {"uniquekey": 802})
    world.load()
    assert marked()["transactionline"] == ["10/1", "9/1"]


def test_a_deleted_netsuite_record_is_marked_with_its_lines(world: World) -> None:
    # Customer 9 lives on: an id in the log is unique within its record type only.
    world.erp.delete("transaction", 9)
    world.erp.delete("customer", 5)
    world.load()
    assert marked() == {
        "customer": ["5"],
        "transaction": ["9"],
        "transactionline": ["9/0", "9/1", "9/2"],
    }


def test_a_full_refresh_is_put_on_record(world: World) -> None:
    world.erp.remove("transactionline", (10, 1))
    world.load(full=True)
    assert marked() == {}
    assert identities("transactionline") == [("all_keys", 11, 11, 0, 0)]
    assert identities("Account") == [("all_keys", 4, 4, 0, 0)]


def test_rows_the_warehouse_lacks_are_counted_as_missing_and_read(world: World) -> None:
    before = rows_without_flags()
    ask("delete from raw_salesforce.account where id = '001B'")
    ask("delete from raw_netsuite.transactionline where transaction = '9' and id = '1'")
    ask("delete from raw_netsuite.transactionaccountingline where transactionline = '2'")
    # As in a warehouse from before deletions were searched for.
    ask("delete from raw_tieout.deletions")
    world.load()
    assert identities("Account") == [("all_keys", 4, 3, 1, 0)]
    assert identities("transactionline") == [("all_keys", 12, 11, 1, 0)]
    assert identities("transactionaccountingline") == [("all_keys", 3, 2, 1, 0)]
    assert rows_without_flags() == before
    assert marked() == {}
    # A row that a load set aside is not asked for again.
    ask("delete from raw_salesforce.account where id = '001C'")
    ask(
        "insert into raw_tieout.quarantine by name "
        "select 'salesforce' as source, 'Account' as object_name, '001C' as record_id"
    )
    world.load(timedelta(days=8))
    assert identities("Account")[-1] == ("all_keys", 4, 3, 1, 0)
    assert ask("select count(*) from raw_salesforce.account") == [(3,)]


def test_a_record_younger_than_the_load_is_left_to_the_next(world: World) -> None:
    def insert(step: LoadProgress) -> None:
        if step.object_name == "Account" and step.stage == "loaded":
            world.clock.advance(timedelta(minutes=1))
            stamp = world.clock.now
            world.crm.load("Account", [record("001E", stamp)])
            world.erp.insert("customer", 7, {"entityid": "C7"})

    world.load(timedelta(days=8), progress=insert)
    assert identities("Account") == [("all_keys", 5, 4, 1, 0)]
    assert ask("select count(*) from raw_salesforce.account") == [(4,)]
    world.load()
    assert ask("select count(*) from raw_salesforce.account") == [(5,)]
    assert ask("select count(*) from raw_netsuite.customer") == [(4,)]


def test_a_load_that_died_before_it_compared_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.load(only=["Account", "transaction"])
    world.erp.remove("transactionline", (8, 2))
    world.erp.update("transaction", 8, {}, at=world.clock.now)
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.load.stage.mark_deleted", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.load()
    assert marked() == {}
    # Later than the overlap of a load, so that nothing is read again.
    world.erp.update("transaction", 11, {}, at=world.clock.now)
    world.load(timedelta(hours=6))
    assert marked() == {"transactionline": ["8/2"]}


def test_a_source_that_falls_silent_marks_nothing(world: World) -> None:
    for number in (8, 9, 10, 11):
        for line in (0, 1, 2):
            world.erp.remove("transactionline", (number, line))
    with pytest.raises(SourceError, match=r"transactionline.*12 rows|transactionline.*3 rows"):
        world.load()
    assert marked() == {}
