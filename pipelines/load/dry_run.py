"""What a load would ask of both sources, and at what cost. Nothing is written.

The sources are asked for their clocks, descriptions and row counts; the warehouse for its newest
stamps.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.load.connectors import prepare
from pipelines.load.plan import Plan
from pipelines.load.resource import RawTable, moment_of, raw_name
from pipelines.load.stage import readable_errors


def dry_run(
    warehouse: Path, *, full: bool, only: Sequence[str] | None, since: datetime | None
) -> list[Plan]:
    """A plan per object, as `load` with the same options would follow it.

    Args:
        warehouse: the file that the load would continue; it need not exist.
        full: as of a full refresh.
        only: object or table names; None plans all.
        since: oldest change, in the source's own time, instead of the newest stamp loaded.

    Raises:
        ConfigurationError: a setting is missing or wrong, or `only` names an unknown object.
        SourceError: a source refused, is unreachable or lacks an object or field.
    """
    plans = []
    for connect in prepare(only):
        source = connect()
        for table in source.tables:
            if table.skipped or table.plan is None:
                skipped = table.skipped or "it cannot be planned"
                plans.append(
                    Plan(table.source, table.name, "", "", None, source.clock, 0, 1, skipped)
                )
                continue
            start = None
            if table.cursor and not full:
                start = _newest(warehouse, table, table.cursor)
            if start and since:
                start = moment_of(table, since)
            elif start:
                start -= timedelta(seconds=source.lag)
            plans.append(table.plan(start))
    return plans


def _newest(warehouse: Path, table: RawTable, cursor: str) -> datetime | None:
    """The newest stamp loaded; None where nothing was."""
    if not warehouse.exists():
        return None
    with readable_errors(), duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            found = connection.execute(
                f'select max("{raw_name(cursor)}") from raw_{table.source}."{table.table_name}"'
            ).fetchone()
        except duckdb.CatalogException:
            return None
    newest: datetime | None = found[0] if found else None
    return newest.astimezone(UTC) if newest and newest.tzinfo else newest
