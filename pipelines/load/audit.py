"""`raw_tieout.loads` and `raw_tieout.quarantine`: what each load did, kept for good.

Written straight to the warehouse, outside dlt: the rejects of a load must be on record before
its good rows are, so that a crash in between loses no trace of a row.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

SCHEMA: Final = "raw_tieout"
_TABLES: Final = {
    "loads": """
        load_id varchar, run_id varchar, source varchar, object_name varchar,
        table_name varchar, started_at timestamptz, finished_at timestamptz,
        rows_loaded bigint, rows_quarantined bigint, source_clock timestamp,
        source_url varchar""",
    "quarantine": """
        load_id varchar, source varchar, object_name varchar, record_id varchar,
        field_name varchar, raw_value varchar, reason_code varchar, reason varchar,
        quarantined_at timestamptz""",
}


@dataclass(frozen=True)
class LoadRow:
    """One object of one load.

    Attributes:
        load_id: dlt's id of the load, `_dlt_load_id` of its rows.
        started_at: when the source's load began, aware.
        finished_at: when its rows were in the warehouse, aware.
        source_clock: the source's own now: UTC for Salesforce, account time for NetSuite.
        source_url: web address that records are linked under.
    """

    load_id: str
    run_id: str
    source: str
    object_name: str
    table_name: str
    started_at: datetime
    finished_at: datetime
    rows_loaded: int
    rows_quarantined: int
    source_clock: datetime
    source_url: str


@dataclass(frozen=True)
class QuarantineRow:
    """One reason why one row of a source was set aside."""

    load_id: str
    source: str
    object_name: str
    record_id: str
    field_name: str
    raw_value: str | None
    reason_code: str
    reason: str
    quarantined_at: datetime


def create_tables(warehouse: Path) -> None:
    """Make sure that both tables exist."""
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"create schema if not exists {SCHEMA}")
        for name, columns in _TABLES.items():
            connection.execute(f"create table if not exists {SCHEMA}.{name} ({columns})")


def append_loads(warehouse: Path, rows: Sequence[LoadRow]) -> None:
    """Record objects whose rows are in the warehouse."""
    _append(warehouse, "loads", rows)


def append_quarantine(warehouse: Path, rows: Sequence[QuarantineRow]) -> None:
    """Record rows that were set aside."""
    _append(warehouse, "quarantine", rows)


def row_count(warehouse: Path, schema: str, table: str) -> int:
    """Rows of a table; 0 if there is no such table."""
    with duckdb.connect(str(warehouse)) as connection:
        try:
            found = connection.execute(f'select count(*) from {schema}."{table}"').fetchone()
        except duckdb.CatalogException:
            return 0
    return int(found[0]) if found else 0


def _append(warehouse: Path, name: str, rows: Sequence[LoadRow | QuarantineRow]) -> None:
    if not rows:
        return
    with duckdb.connect(str(warehouse)) as connection:
        connection.register("incoming", pa.Table.from_pylist([asdict(row) for row in rows]))
        connection.execute(f"insert into {SCHEMA}.{name} by name select * from incoming")
