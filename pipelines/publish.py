"""The publish stage: a second file that readers open, replaced by one atomic rename.

Write, audit, publish: the warehouse is only ever read here, and only after every gate has passed.
A crash at any point leaves the last published snapshot, and leftovers that the next run removes.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines import manifest
from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.gates import Gate, require_gates

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PUBLISHED_SCHEMAS: Final = ["core", "marts"]
# Readable by DuckDB 1.2 and later: BI drivers lag behind.
STORAGE_VERSION: Final = "v1.2.0"
STATUS_TABLE: Final = "publication_status"
PARTIAL: Final = ".partial"


def publish(paths: Paths, run_id: str, origin: str) -> dict[str, Any]:
    """Publish the warehouse's core and marts.

    Args:
        paths: the installation's files.
        run_id: names the snapshot.
        origin: where the data came from, for `publication_status`.

    Returns:
        The manifest.

    Raises:
        GateHeldError: a gate did not pass, or has not seen the warehouse as it is now.
        TieoutError: core and marts have a table of the same name.
    """
    require_gates(paths, Gate.BUILD, Gate.CHECK)
    _remove_leftovers(paths)
    snapshot = paths.snapshots / run_id
    partial = snapshot.with_name(f".{run_id}{PARTIAL}")
    partial.mkdir(parents=True)
    with _new_file(paths.published_file) as (connection, file):
        connection.execute(f"attach {_quoted(paths.warehouse)} as warehouse (read_only)")
        rows = _copy_tables(connection)
        described = manifest.make_manifest(connection, run_id, origin, rows)
        _write_status(connection, described)
        for table in [*rows, STATUS_TABLE]:
            parquet = _quoted(partial / f"{table}.parquet")
            connection.execute(f"copy target.main.{table} to {parquet} (format parquet)")
        (partial / manifest.FILE).write_text(
            json.dumps(described, indent=2) + "\n", encoding="utf-8"
        )
        for written in partial.iterdir():
            _flush(written)
        connection.execute("detach warehouse")
        _close(connection, file)
        # First the snapshot, then the name readers open: what they see always has its manifest.
        partial.rename(snapshot)
        os.replace(file, paths.published_file)  # noqa: PTH105 - the atomic one, said by its name
    _flush(paths.published)
    return described


def note_attempt(paths: Paths, run_id: str, status: str, reason: str) -> None:
    """Tell readers of the last snapshot that a later run published nothing, and why.

    The snapshot's data stay as they are; only the row of `publication_status` changes, in a copy
    that takes the file's place. Does nothing where nothing was ever published.

    Args:
        paths: the installation's files.
        run_id: the run that published nothing.
        status: held or failed.
        reason: why.
    """
    if not paths.published_file.exists():
        return
    with _new_file(paths.published_file, copy=True) as (connection, file):
        connection.execute(
            f"""
            update target.main.{STATUS_TABLE}
            set
                last_attempt_run_id = $run_id,
                last_attempt_at = cast($at as timestamptz),
                last_attempt_status = $status,
                last_attempt_reason = $reason
            """,
            {
                "run_id": run_id,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "status": status,
                "reason": reason,
            },
        )
        _close(connection, file)
        os.replace(file, paths.published_file)  # noqa: PTH105
    _flush(paths.published)


@contextmanager
def _new_file(
    published: Path, *, copy: bool = False
) -> Iterator[tuple["DuckDBPyConnection", Path]]:
    """A DuckDB file beside the published one, attached as `target`; gone if the block fails."""
    import duckdb  # noqa: PLC0415 - a quarter of a second that --help need not pay

    published.parent.mkdir(parents=True, exist_ok=True)
    file = published.with_name(f".{published.name}.{os.getpid()}{PARTIAL}")
    file.unlink(missing_ok=True)
    if copy:
        shutil.copyfile(published, file)
    connection = duckdb.connect()
    try:
        option = "" if copy else f" (storage_version '{STORAGE_VERSION}')"
        connection.execute(f"attach {_quoted(file)} as target{option}")
        yield connection, file
    finally:
        connection.close()
        for leftover in (file, file.with_name(file.name + ".wal")):
            leftover.unlink(missing_ok=True)


def _close(connection: "DuckDBPyConnection", file: Path) -> None:
    """Everything into the one file and onto the disk, nothing left in a log beside it."""
    connection.execute("detach target")
    connection.close()
    _flush(file)


def _remove_leftovers(paths: Paths) -> None:
    """What a run that died while publishing left behind; the run's lock is ours."""
    for leftover in paths.published.glob(f".*{PARTIAL}*"):
        leftover.unlink()
    for leftover in paths.snapshots.glob(f".*{PARTIAL}"):
        shutil.rmtree(leftover)


def _copy_tables(connection: "DuckDBPyConnection") -> dict[str, int]:
    """Copy every table of the published schemas; name -> rows."""
    found = connection.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where
            table_catalog = 'warehouse'
            and list_contains($schemas, table_schema)
            and not contains(table_name, '__dbt_')
        order by table_name, table_schema
        """,
        {"schemas": PUBLISHED_SCHEMAS},
    ).fetchall()
    rows: dict[str, int] = {}
    for schema, table in found:
        if table in rows:
            raise TieoutError(
                f"Two published schemas ({' and '.join(PUBLISHED_SCHEMAS)}) have a table {table}.",
                fix="Rename one of the two models.",
                source="dbt",
                object_name=table,
            )
        copied = connection.execute(
            f"create table target.main.{table} as select * from warehouse.{schema}.{table}"
        ).fetchone()
        rows[table] = int(copied[0]) if copied else 0
    _copy_comments(connection)
    return rows


def _copy_comments(connection: "DuckDBPyConnection") -> None:
    """Descriptions of tables and columns, so that a BI tool shows them."""
    described = connection.execute(
        """
        select concat('table target.main.', table_name), comment
        from duckdb_tables()
        where
            database_name = 'warehouse'
            and comment is not null
            and list_contains($schemas, schema_name)
            and not contains(table_name, '__dbt_')
        union all
        select concat('column target.main.', table_name, '.', column_name), comment
        from duckdb_columns()
        where
            database_name = 'warehouse'
            and comment is not null
            and list_contains($schemas, schema_name)
            and not contains(table_name, '__dbt_')
        """,
        {"schemas": PUBLISHED_SCHEMAS},
    ).fetchall()
    for what, comment in described:
        connection.execute(f"comment on {what} is {_quoted(comment)}")


def _write_status(connection: "DuckDBPyConnection", described: dict[str, Any]) -> None:
    named = ("run_id", "published_at", "as_of", "code_version", "origin", "reporting_currency")
    connection.execute(
        f"""
        create table target.main.{STATUS_TABLE} as
        select
            cast($run_id as varchar) as run_id,
            cast($published_at as timestamptz) as published_at,
            'published' as status,
            cast($as_of as date) as as_of,
            cast($code_version as varchar) as code_version,
            cast($origin as varchar) as origin,
            cast($reporting_currency as varchar) as reporting_currency,
            cast($run_id as varchar) as last_attempt_run_id,
            cast($published_at as timestamptz) as last_attempt_at,
            'published' as last_attempt_status,
            cast(null as varchar) as last_attempt_reason
        """,
        {name: described[name] for name in named},
    )


def _quoted(text: object) -> str:
    """A SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"


def _flush(path: Path) -> None:
    """Onto the disk: a crash of the machine must not publish half a file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
