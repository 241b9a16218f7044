from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines.load.fresh import clear, drop_doubles, fresh_tables
from pipelines.load.resource import RawTable


def read_nothing(_: datetime | None) -> Iterator[pa.Table]:
    yield from ()


def bill(cursor: str | None = "stamp") -> RawTable:
    types = {"id": pa.string(), "line": pa.string(), "stamp": pa.string()}
    return RawTable("netsuite", "bill", types, ("id", "line"), cursor, read_nothing)


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema raw_netsuite")
    return file


def fill(warehouse: Path, *rows: tuple[str, str, str, str], completed: tuple[str, ...]) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(
            "create table raw_netsuite.bill "
            "(id varchar, line varchar, stamp varchar, _dlt_load_id varchar);"
            "create table raw_netsuite._dlt_loads (load_id varchar, status bigint)"
        )
        connection.executemany("insert into raw_netsuite.bill values (?, ?, ?, ?)", rows)
        for load_id in completed:
            connection.execute("insert into raw_netsuite._dlt_loads values (?, 0)", [load_id])


def rows(warehouse: Path) -> list[tuple[str, ...]]:
    with duckdb.connect(str(warehouse)) as connection:
        return connection.execute("from raw_netsuite.bill order by all").fetchall()


def test_object_without_table_is_fresh_and_nothing_is_cleared(warehouse: Path) -> None:
    assert fresh_tables(warehouse, (bill(),)) == {"bill"}
    clear(warehouse, (bill(),))


def test_rows_of_a_load_that_never_completed_are_cleared(warehouse: Path) -> None:
    fill(warehouse, ("1", "1", "a", "killed"), completed=("other",))
    assert fresh_tables(warehouse, (bill(),)) == {"bill"}
    clear(warehouse, (bill(),))
    assert rows(warehouse) == []


def test_object_with_a_row_of_a_completed_load_is_not_fresh(warehouse: Path) -> None:
    fill(warehouse, ("1", "1", "a", "done"), ("2", "1", "a", "killed"), completed=("done",))
    assert fresh_tables(warehouse, (bill(),)) == frozenset()


def test_of_a_key_sent_twice_the_row_changed_last_stays(
    warehouse: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sent = [("1", "1", "a"), ("1", "1", "c"), ("1", "1", "b"), ("1", "2", "a"), ("2", "1", "a")]
    fill(warehouse, *[(*row, "now") for row in sent], completed=("now",))
    drop_doubles(warehouse, (bill(),))
    assert [row[:3] for row in rows(warehouse)] == [
        ("1", "1", "c"),
        ("1", "2", "a"),
        ("2", "1", "a"),
    ]
    assert "bill sent 2 rows more than once" in caplog.text


def test_without_a_cursor_one_row_per_key_stays(warehouse: Path) -> None:
    fill(warehouse, ("1", "1", "a", "now"), ("1", "1", "b", "now"), completed=("now",))
    drop_doubles(warehouse, (bill(cursor=None),))
    assert len(rows(warehouse)) == 1
