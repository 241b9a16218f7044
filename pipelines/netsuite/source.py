"""NetSuite tables for the load stage: `tables.TABLES` read by SuiteQL.

Tables with a cursor are read from the newest stamp seen, minus the overlap, up to the account's
own clock; the others are read whole. A deleted record arrives in `deletedrecord`; a line removed
from a living transaction leaves no trace, so the lines of changed transactions are compared by key
(`keys.py`).
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.load.convert import MONEY
from pipelines.load.resource import RawTable
from pipelines.netsuite.client import SOURCE, NetSuiteClient, RecordMissingError
from pipelines.netsuite.keys import deletions
from pipelines.netsuite.suiteql import CLOCK_SQL, pages, select
from pipelines.netsuite.tables import Table

_ARROW_TYPES: Final = {
    "id": pa.string(),
    "text": pa.string(),
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "decimal": MONEY,
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}


def account_clock(client: NetSuiteClient) -> datetime:
    """The account's wall clock, without a time zone: stamps are compared with it.

    Raises:
        SourceError: the answer is not a moment.
    """
    rows = client.page(CLOCK_SQL).rows
    text = str(rows[0].get("now", "")) if rows else ""
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise SourceError(
            f"The account's clock reads {text!r}.",
            source=SOURCE,
            fix="Check that the role may run SuiteQL (SuiteAnalytics Workbook permission).",
        ) from error


def raw_table(client: NetSuiteClient, clock: datetime, table: Table) -> RawTable:
    """The table for the load stage; an optional one is looked for first.

    Raises:
        SourceError: a configured column of an optional table is missing.
    """
    skipped = None
    if table.optional:
        try:
            client.page(select(table, clock, clock, None), table.name)
        except RecordMissingError:
            skipped = "the account has no such table, or the role may not view it"
    return RawTable(
        source=SOURCE,
        name=table.name,
        types={name: _ARROW_TYPES[kind] for name, kind in table.columns.items()},
        primary_key=table.primary_key,
        cursor=table.cursor,
        read=partial(read, client, clock, table),
        skipped=skipped,
        deletions=deletions(client, clock, table),
        own_flag=True,
    )


def read(
    client: NetSuiteClient, clock: datetime, table: Table, since: datetime | None
) -> Iterator[pa.Table]:
    """Pages of text columns, one per spec'd column."""
    return pages(client, table, partial(select, table, since, clock))
