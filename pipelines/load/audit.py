"""Schema `raw_tieout`: what each load did, kept for good.

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
    "identities": """
        load_id varchar, source varchar, object_name varchar, method varchar,
        rows_expected bigint, rows_in_warehouse bigint, rows_missing bigint,
        rows_unexpected bigint, checked_at timestamptz""",
    "deletions": """
        load_id varchar, source varchar, object_name varchar, method varchar,
        source_clock timestamp, covered_until timestamp, rows_marked bigint,
        rows_restored bigint, checked_at timestamptz""",
    "notices": """
        load_id varchar, source varchar, object_name varchar, subject varchar,
        notice varchar, noticed_at timestamptz""",
    # Filled from the register of closes, see `pipelines.close.register`.
    "closes": """
        close_id varchar, period_key varchar, period_name varchar, run_id varchar, as_of date,
        closed_at timestamptz, closed_by varchar, reason varchar, blockers_overridden bigint,
        manifest_sha256 varchar, code_version varchar, reporting_currency varchar,
        contract_lines bigint, contract_lines_tied bigint, booked_rpt decimal(18, 3),
        recognized_rpt decimal(18, 3), difference_rpt decimal(18, 3),
        explained_rpt decimal(18, 3), break_rpt decimal(18, 3),
        unexplained_rpt decimal(18, 3), posted_rpt decimal(18, 3)""",
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


@dataclass(frozen=True)
class IdentityRow:
    """One comparison of keys, as found, before any row was marked.

    What the source counts = rows in the warehouse + missing - unexpected.

    Attributes:
        method: `all_keys` compared the whole object; `deleted_log` the records the source's log
            names; `changed_keys` the records that changed. Counts are of that part.
        rows_expected: keys the source holds.
        rows_in_warehouse: rows not marked as deleted.
        rows_missing: keys of the source that no such row has: quarantined, or younger than the
            load, or marked and back.
        rows_unexpected: rows whose key the source no longer has.
    """

    load_id: str
    source: str
    object_name: str
    method: str
    rows_expected: int
    rows_in_warehouse: int
    rows_missing: int
    rows_unexpected: int
    checked_at: datetime


@dataclass(frozen=True)
class DeletionRow:
    """How deleted rows of one object were looked for.

    Attributes:
        method: as of `IdentityRow`, or `read_whole`: the load itself read every row.
        source_clock: the source's own now.
        covered_until: every deletion before it has been seen; the source's own time.
        rows_marked: rows marked as deleted.
        rows_restored: rows whose mark was lifted: the source has them again.
    """

    load_id: str
    source: str
    object_name: str
    method: str
    source_clock: datetime
    covered_until: datetime
    rows_marked: int
    rows_restored: int
    checked_at: datetime


@dataclass(frozen=True)
class NoticeRow:
    """Something a person should know of a load that went well.

    Attributes:
        subject: the field or record concerned; empty for the whole object.
        notice: what is the matter (skipped, not read, new, unsettled).
    """

    load_id: str
    source: str
    object_name: str
    subject: str
    notice: str
    noticed_at: datetime


def create_tables(warehouse: Path) -> None:
    """Make sure that all tables exist."""
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


def append_identity(warehouse: Path, row: IdentityRow) -> None:
    """Record a comparison of keys."""
    _append(warehouse, "identities", [row])


def append_deletions(warehouse: Path, row: DeletionRow) -> None:
    """Record that deletions of an object were looked for, after they were marked."""
    _append(warehouse, "deletions", [row])


def append_notices(warehouse: Path, rows: Sequence[NoticeRow]) -> None:
    """Record what a person should know of a load."""
    _append(warehouse, "notices", rows)


def columns(warehouse: Path, schema: str, table: str) -> frozenset[str]:
    """Columns of a table; none if there is no such table."""
    with duckdb.connect(str(warehouse)) as connection:
        found = connection.execute(
            "select column_name from information_schema.columns "
            "where table_schema = ? and table_name = ?",
            [schema, table],
        ).fetchall()
    return frozenset(str(name) for (name,) in found)


def row_count(warehouse: Path, schema: str, table: str) -> int:
    """Rows of a table; 0 if there is no such table."""
    with duckdb.connect(str(warehouse)) as connection:
        try:
            found = connection.execute(f'select count(*) from {schema}."{table}"').fetchone()
        except duckdb.CatalogException:
            return 0
    return int(found[0]) if found else 0


def _append(
    warehouse: Path,
    name: str,
    rows: Sequence[LoadRow | QuarantineRow | IdentityRow | DeletionRow | NoticeRow],
) -> None:
    if not rows:
        return
    with duckdb.connect(str(warehouse)) as connection:
        connection.register("incoming", pa.Table.from_pylist([asdict(row) for row in rows]))
        connection.execute(f"insert into {SCHEMA}.{name} by name select * from incoming")
