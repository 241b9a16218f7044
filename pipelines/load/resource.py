"""One dlt resource per object, built from its spec: no per-object code.

Disposition: merge on the primary key where the object has a cursor, replace where it has none
(it is then read whole). A full refresh replaces everything; dlt forgets a cursor when its
resource replaces. Types are frozen, so a changed spec is an error, never a second column.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import dlt
import pyarrow as pa
from dlt.common.data_types import TDataType
from dlt.common.normalizers.naming.snake_case import NamingConvention
from dlt.common.schema.typing import (
    TColumnSchema,
    TSchemaContractDict,
    TWriteDisposition,
)
from dlt.extract import DltResource

from pipelines.load.convert import MONEY, convert
from pipelines.load.keys import OWN_FLAG, Deletions
from pipelines.load.monitor import Monitor
from pipelines.load.plan import Plan

# Rows handed to dlt at a time: each batch costs dlt a schema check, whatever its size.
BATCH_ROWS: Final = 20_000
# A century in seconds: no row is too old.
_ANY_LAG: Final = 100 * 365 * 86_400
SCHEMA_CONTRACT: Final[TSchemaContractDict] = {
    "tables": "evolve",
    "columns": "evolve",
    "data_type": "freeze",
}
_DATA_TYPES: Final[dict[pa.DataType, TDataType]] = {
    pa.string(): "text",
    pa.bool_(): "bool",
    pa.int64(): "bigint",
    pa.date32(): "date",
}

_NAMING: Final = NamingConvention()

# Reads an object changed since a moment (None: all of it), as tables of text.
Reader = Callable[[datetime | None], Iterator[pa.Table]]
Planner = Callable[[datetime | None], Plan]


@dataclass(frozen=True)
class RawTable:
    """One object as the load stage sees it.

    Attributes:
        source: `salesforce` or `netsuite`.
        name: object or table name, as the source spells it.
        types: field -> Arrow type.
        primary_key: fields that identify a row.
        cursor: field moved by every change, or None.
        read: yields batches of text columns named as in `types`.
        skipped: why an optional object is not read, or None.
        deletions: how deleted rows are found, or None: they are not looked for.
        own_flag: whether the raw table gets a deletion flag that the source does not have.
        notes: field -> what to know of it (an optional one is missing, one is a formula).
        plan: tells what reading from a moment on (None: all of it) would ask of the source.
    """

    source: str
    name: str
    types: Mapping[str, pa.DataType] = field(hash=False)
    primary_key: Sequence[str]
    cursor: str | None
    read: Reader
    skipped: str | None = None
    deletions: Deletions | None = None
    own_flag: bool = False
    notes: Mapping[str, str] = field(default_factory=dict, hash=False)
    plan: Planner | None = None

    @property
    def table_name(self) -> str:
        """Name of the raw table."""
        return raw_name(self.name)

    @property
    def schema(self) -> pa.Schema:
        """Columns of the raw table, named as in the warehouse; the key is never null."""
        fields = [
            pa.field(raw_name(name), kind, nullable=name not in self.primary_key)
            for name, kind in self.types.items()
        ]
        return pa.schema([*fields, pa.field(OWN_FLAG, pa.bool_())] if self.own_flag else fields)


def raw_name(name: str) -> str:
    """A source's name as the warehouse spells it: `SBQQ__Quote__c` -> `sbqq_quote_c`.

    Left to itself dlt would keep `__`, its own separator of nested tables.
    """
    return _NAMING.normalize_identifier(name)


def build_resource(  # noqa: PLR0913 - what a resource is made of
    table: RawTable,
    monitor: Monitor,
    lag: int,
    *,
    full: bool,
    fresh: bool,
    since: datetime | None = None,
) -> DltResource:
    """The object as a dlt resource that yields typed Arrow tables.

    A skipped object yields its empty table as an append: the table exists for the models, and
    what an earlier load brought stays.

    Args:
        table: the object.
        monitor: told of batches and rejects.
        lag: overlap with the previous load in seconds; dlt would otherwise drop the rows of the
            overlap on the client, even though the query asked for them.
        full: read and replace everything.
        fresh: nothing of the object was loaded before (`fresh.py`).
        since: read what changed since then, in the source's own time, instead of since the last
            load; an object that was never loaded is read whole all the same.
    """
    disposition: TWriteDisposition = "merge" if table.cursor and not full else "replace"
    if fresh:
        disposition = "append"
    if table.skipped:
        generator, disposition = _nothing(table), "append"
    elif table.cursor:
        generator = _changed(table, table.cursor, monitor, lag, since)
    else:
        generator = _whole(table, monitor)
    resource: DltResource = dlt.resource(
        generator,
        name=table.table_name,
        primary_key=[raw_name(name) for name in table.primary_key],
        write_disposition=disposition,
        # Every column by name, so that it exists even if no row ever fills it.
        columns={item.name: column_hint(item.name, item.type) for item in table.schema},
        schema_contract=SCHEMA_CONTRACT,
        parallelized=True,
    )
    return resource


def _nothing(table: RawTable) -> Callable[..., Iterator[pa.Table]]:
    def generate() -> Iterator[pa.Table]:
        yield table.schema.empty_table()

    return generate


def _whole(table: RawTable, monitor: Monitor) -> Callable[..., Iterator[pa.Table]]:
    def generate() -> Iterator[pa.Table]:
        yield from _batches(table, monitor, None)

    return generate


def _changed(
    table: RawTable, cursor: str, monitor: Monitor, lag: int, since: datetime | None
) -> Callable[..., Iterator[pa.Table]]:
    if since:  # dlt drops rows older than the stored cursor, less the lag
        lag = _ANY_LAG
    stored = dlt.sources.incremental[datetime](
        raw_name(cursor), lag=lag, primary_key=(), on_cursor_value_missing="include"
    )

    def generate(window: dlt.sources.incremental[datetime] = stored) -> Iterator[pa.Table]:
        start = window.start_value
        if since and start is not None:  # what was never loaded is read whole
            start = moment_of(table, since)
        yield from _batches(table, monitor, start)

    return generate


def moment_of(table: RawTable, moment: datetime) -> datetime:
    """A moment of the source's own time as the table's cursor compares it."""
    zoned = table.cursor is not None and table.types[table.cursor].tz is not None
    return moment.replace(tzinfo=UTC) if zoned else moment


def _batches(table: RawTable, monitor: Monitor, since: datetime | None) -> Iterator[pa.Table]:
    """Good rows in batches of about `BATCH_ROWS`; the rest goes to the monitor.

    There is always a batch, if an empty one: without any, dlt would not create the table.
    """
    monitor.started(table.name)
    waiting = [pa.table({name: pa.array([], pa.string()) for name in table.types})]
    for page in table.read(since):
        if sum(part.num_rows for part in waiting) >= BATCH_ROWS:
            yield _typed(table, monitor, waiting)
            waiting = []
        waiting.append(page)
    yield _typed(table, monitor, waiting)
    monitor.finished(table.name)


def _typed(table: RawTable, monitor: Monitor, pages: list[pa.Table]) -> pa.Table:
    converted = convert(pa.concat_tables(pages), table.types, table.primary_key)
    monitor.batch(table.name, converted)
    return completed(table, converted.table)


def completed(table: RawTable, good: pa.Table) -> pa.Table:
    """Typed rows as the raw table holds them, without the id of their load."""
    if table.own_flag:  # a row that was read is there: a mark from before is lifted
        good = good.append_column(OWN_FLAG, pa.array([False] * good.num_rows, pa.bool_()))
    return good.rename_columns(table.schema.names).cast(table.schema)


def column_hint(name: str, kind: pa.DataType) -> TColumnSchema:
    """The column as dlt is told of it, so that nothing is inferred."""
    if pa.types.is_decimal(kind):
        return {
            "name": name,
            "data_type": "decimal",
            "precision": MONEY.precision,
            "scale": MONEY.scale,
        }
    if pa.types.is_timestamp(kind):
        return {
            "name": name,
            "data_type": "timestamp",
            "timezone": kind.tz is not None,
            "precision": 6,
        }
    return {"name": name, "data_type": _DATA_TYPES[kind]}
