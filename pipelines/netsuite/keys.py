"""Keys of living rows: what shows that a line was removed from a transaction that lives on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

import pyarrow as pa

from pipelines.load.keys import OWN_FLAG, Deletions, Scope, batches
from pipelines.netsuite.client import NetSuiteClient
from pipelines.netsuite.suiteql import pages, select
from pipelines.netsuite.tables import Table

# A query may list 1,000 values.
VALUES_PER_QUERY: Final = 500
LOG_TABLE: Final = "deletedrecord"
# A change to the header or to any line may mean that another line is gone.
PARTS: Final = ("transactionline", "transactionaccountingline")
_TOUCHED_PARTS: Final = {
    "transaction": "id",
    **dict.fromkeys(PARTS, "transaction"),
    LOG_TABLE: "recordid",
}


def deletions(client: NetSuiteClient, clock: datetime, table: Table) -> Deletions | None:
    """How deleted rows of a table are found; None for the log, and where all is read anyway."""
    if table.cursor is None or table.name == LOG_TABLE:
        return None
    part = table.name in PARTS
    return Deletions(
        flag=OWN_FLAG,
        keys=partial(living_keys, client, clock, table),
        scope_column="transaction" if part else "id",
        # Ids in the log are unique within a record type only: the table itself is asked for each.
        touched_by=_TOUCHED_PARTS if part else {LOG_TABLE: "recordid"},
    )


def living_keys(
    client: NetSuiteClient, clock: datetime, table: Table, scope: Scope | None
) -> Iterator[pa.Table]:
    """Primary keys as tables of text, page by page."""
    names = dict.fromkeys((*table.primary_key, *table.key))
    bare = replace(table, columns={name: table.columns[name] for name in names}, cursor=None)
    parts: list[Scope | None] = [None]
    if scope:
        parts = [Scope(scope.column, ids) for ids in batches(scope.values, VALUES_PER_QUERY)]
    for part in parts:
        for page in pages(client, bare, partial(_query, bare, clock, part)):
            yield page.select(list(table.primary_key))


def _query(table: Table, clock: datetime, part: Scope | None, after: Sequence[str] | None) -> str:
    return select(table, None, clock, after, part)
