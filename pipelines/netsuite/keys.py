"""Keys of living rows: what shows that a line was removed from a transaction that lives on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

import pyarrow as pa

from pipelines.load.keys import OWN_FLAG, Deletions, Scope
from pipelines.netsuite.client import NetSuiteClient
from pipelines.netsuite.suiteql import pages_within
from pipelines.netsuite.tables import Table

LOG_TABLE: Final = "deletedrecord"
# Parts of a transaction, by the column that names it. A change to the header or to any part may
# mean that another part is gone.
PARTS: Final = {
    "transactionline": "transaction",
    "transactionaccountingline": "transaction",
    "nexttransactionlinelink": "nextdoc",
}
_TOUCHED_PARTS: Final = {"transaction": "id", **PARTS, LOG_TABLE: "recordid"}


def deletions(
    client: NetSuiteClient, clock: datetime, table: Table, columns: Sequence[str] = ()
) -> Deletions | None:
    """How deleted rows of a table are found; None for the log, and where all is read anyway.

    Args:
        client: the account.
        clock: its wall clock.
        table: the columns that are there.
        columns: those of its raw table, where they are more.
    """
    if table.cursor is None or table.name == LOG_TABLE:
        return None
    # Ids in the log are unique within a record type only: the table itself is asked for each.
    touched = {LOG_TABLE: "recordid"} if table.primary_key == ("id",) else {}
    return Deletions(
        flag=OWN_FLAG,
        keys=partial(living_keys, client, clock, table),
        rows=partial(pages_within, client, table, clock, columns),
        scope_column=PARTS.get(table.name, table.primary_key[0]),
        touched_by=_TOUCHED_PARTS if table.name in PARTS else touched,
    )


def living_keys(
    client: NetSuiteClient, clock: datetime, table: Table, scope: Scope | None
) -> Iterator[pa.Table]:
    """Primary keys as tables of text, page by page."""
    names = dict.fromkeys((*table.primary_key, *table.key))
    bare = replace(table, columns={name: table.columns[name] for name in names}, cursor=None)
    for page in pages_within(client, bare, clock, (), scope):
        yield page.select(list(table.primary_key))
