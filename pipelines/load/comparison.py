"""Finds rows whose record is gone at the source, and marks them; runs once the load has landed.

A load brings what changed; what vanished changes nothing. Per object one of: the load read every
row anyway; the source's log of deletions; the keys of what changed; all keys, on a full refresh,
every few days, and where the log fails. A row is marked because the source, asked for its key, did
not have it, never because a log says so: a record may be back. Rows that the source has and the
warehouse lacks are read on the way (`missing.py`).
"""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from pipelines.load import audit
from pipelines.load.connectors import Connected
from pipelines.load.identity import Keyed, Outcome, compare
from pipelines.load.keys import Deletions, Scope
from pipelines.load.missing import read_missing
from pipelines.load.resource import RawTable, raw_name

logger = logging.getLogger(__name__)

READ_WHOLE: Final = "read_whole"
DELETED_LOG: Final = "deleted_log"
CHANGED_KEYS: Final = "changed_keys"
ALL_KEYS: Final = "all_keys"


def mark_deleted(source: Connected, warehouse: Path, load_id: str, *, full: bool) -> None:
    """Mark the rows of a source whose records are gone, and put on record how they were found.

    Args:
        source: as it was read.
        warehouse: holds the rows of this load.
        load_id: of this load.
        full: whether everything was replaced; the keys are then compared for the record.

    Raises:
        SourceError: unreachable, or it suddenly has no keys at all.
    """
    for table in source.tables:
        if table.skipped or table.deletions is None:
            continue
        search = _Search(source, table, table.deletions, warehouse, load_id)
        method, scope, covered = search.plan(full=full)
        outcome = Outcome()
        if method != READ_WHOLE or full:
            outcome = _compare(search, method, scope)
        now = datetime.now(UTC)
        audit.append_deletions(
            warehouse,
            audit.DeletionRow(
                load_id,
                source.source,
                table.name,
                method,
                source.clock,
                covered,
                outcome.marked,
                outcome.restored,
                now,
            ),
        )


def _compare(search: "_Search", method: str, scope: Scope | None) -> Outcome:
    table = search.table
    keyed = Keyed(
        table.source,
        table.name,
        f'raw_{table.source}."{table.table_name}"',
        tuple(raw_name(name) for name in table.primary_key),
        search.deletions,
    )
    outcome = compare(keyed, search.warehouse, scope, trusted=method == DELETED_LOG)
    if outcome is None:
        return Outcome()
    read_missing(table, search.deletions, outcome.absent, search.warehouse, search.load_id)
    if outcome.marked:
        logger.info("%s %s: %d rows marked as deleted", table.source, table.name, outcome.marked)
    audit.append_identity(
        search.warehouse,
        audit.IdentityRow(
            search.load_id,
            table.source,
            table.name,
            method,
            outcome.expected,
            outcome.held,
            outcome.missing,
            outcome.marked,
            datetime.now(UTC),
        ),
    )
    return outcome


class _Search:
    """How one object is searched this time."""

    def __init__(
        self,
        source: Connected,
        table: RawTable,
        deletions: Deletions,
        warehouse: Path,
        load_id: str,
    ) -> None:
        self.source = source
        self.table = table
        self.deletions = deletions
        self.warehouse = warehouse
        self.load_id = load_id

    def plan(self, *, full: bool) -> tuple[str, Scope | None, datetime]:
        """Method, what to compare (None: all), and until when deletions are then covered."""
        now = self.source.clock - timedelta(seconds=self.source.lag)
        if full:
            return ALL_KEYS, None, now
        if not self._ask(
            f'select 1 from raw_{self.table.source}."{self.table.table_name}" '
            "where _dlt_load_id != ? limit 1",
            [self.load_id],
        ):
            return READ_WHOLE, None, now
        last = self._last()
        if last is None or self._all_keys_are_due():
            return ALL_KEYS, None, now
        last_load, covered = last
        column = self.deletions.scope_column
        if self.deletions.log:
            log = self.deletions.log(covered)
            if log is None:
                return ALL_KEYS, None, now
            return DELETED_LOG, Scope(column, log.ids), log.covered_until
        return CHANGED_KEYS, Scope(column, sorted(self._touched(last_load))), now

    def _last(self) -> tuple[str, datetime] | None:
        """The last load whose deletions were looked for, and until when they are covered."""
        found = self._ask(
            "select load_id, covered_until from raw_tieout.deletions "
            "where source = ? and object_name = ? "
            "order by cast(load_id as decimal(28, 10)) desc limit 1",
            [self.table.source, self.table.name],
        )
        return (str(found[0][0]), found[0][1]) if found else None  # type: ignore[return-value]

    def _all_keys_are_due(self) -> bool:
        if not self.source.compare_days:
            return False
        since = self.source.clock - timedelta(days=self.source.compare_days)
        return not self._ask(
            "select 1 from raw_tieout.deletions where source = ? and object_name = ? "
            "and method in (?, ?) and source_clock > ? limit 1",
            [self.table.source, self.table.name, READ_WHOLE, ALL_KEYS, since],
        )

    def _touched(self, last_load: str) -> set[str]:
        """Values of the scope column in rows of the loads that were not compared yet.

        A load that was killed may have left rows too: all count but those of compared loads, which
        are few to name and quick to skip.
        """
        schema = f"raw_{self.table.source}"
        compared = [
            load_id
            for (load_id,) in self._ask(
                f"select load_id from {schema}._dlt_loads "
                "where cast(load_id as decimal(28, 10)) <= cast(? as decimal(28, 10))",
                [last_load],
            )
        ]
        marks = ", ".join("?" for _ in compared) or "null"
        return {
            str(value)
            for name, column in self.deletions.touched_by.items()
            if self._exists(schema, name)
            for (value,) in self._ask(
                f'select distinct "{raw_name(column)}" from {schema}."{raw_name(name)}" '
                f"where (_dlt_load_id in ({marks})) is not true",
                compared,
            )
        }

    def _exists(self, schema: str, name: str) -> bool:
        return bool(
            self._ask(
                "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
                [schema, raw_name(name)],
            )
        )

    def _ask(self, sql: str, values: list[object]) -> list[tuple[object, ...]]:
        with duckdb.connect(str(self.warehouse)) as connection:
            return connection.execute(sql, values).fetchall()
