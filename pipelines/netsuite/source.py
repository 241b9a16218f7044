"""NetSuite tables for the load stage: `tables.TABLES` read by SuiteQL.

Tables with a cursor are read from the newest stamp seen, minus the overlap, up to the account's
own clock; the others are read whole. A deleted record arrives in `deletedrecord`; a line removed
from a living transaction leaves no trace, so the lines of changed transactions are compared by key
(`keys.py`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.load.convert import MONEY
from pipelines.load.resource import RawTable
from pipelines.netsuite.client import ColumnMissingError, NetSuiteClient, RecordMissingError
from pipelines.netsuite.keys import deletions
from pipelines.netsuite.plan import plan
from pipelines.netsuite.settings import SOURCE
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
ABSENT: Final = "unknown to the account (feature off, or no permission)"


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


@dataclass(frozen=True)
class Checked:
    """A table and what the account shows of it.

    Attributes:
        table: the table with the columns that are there.
        missing: optional columns that are not.
        skipped: why an optional table is not read, or None.
    """

    table: Table
    missing: tuple[str, ...] = ()
    skipped: str | None = None


def checked(client: NetSuiteClient, clock: datetime, table: Table) -> Checked:
    """Ask for the changes of this very second, to learn whether table and columns are there.

    Raises:
        SourceError: a required table or column is missing; all missing columns are named.
    """
    missing: list[str] = []
    last: ColumnMissingError | None = None
    while True:
        present = {name: kind for name, kind in table.columns.items() if name not in missing}
        there = replace(table, columns=present) if missing else table
        try:
            client.page(select(there, clock, clock, None), table.name)
        except RecordMissingError:
            if not table.optional:
                raise
            owner = f" ({table.feature})" if table.feature else ""
            reason = f"the account has no such table{owner}, or the role may not view it"
            return Checked(table, skipped=reason)
        except ColumnMissingError as error:
            last = error
            if error.field not in present or error.field in _needed(table):
                raise
            missing.append(error.field)
            continue
        break
    if required := [name for name in missing if name not in table.optional_columns]:
        raise SourceError(
            f"{len(required)} configured column(s) unknown to the account: {', '.join(required)}.",
            source=SOURCE,
            object_name=table.name,
            field=", ".join(required),
            fix=last.fix if last else "",
        )
    return Checked(there, tuple(missing))


def _needed(table: Table) -> set[str | None]:
    return {*table.key, *table.primary_key, table.cursor}


def raw_table(client: NetSuiteClient, clock: datetime, table: Table) -> RawTable:
    """The table for the load stage; what may be absent is looked for first.

    Raises:
        SourceError: a configured column of a table that was looked for is missing.
    """
    found = Checked(table)
    if table.optional or table.optional_columns:
        found = checked(client, clock, table)
    return RawTable(
        source=SOURCE,
        name=table.name,
        types={name: _ARROW_TYPES[kind] for name, kind in table.columns.items()},
        primary_key=table.primary_key,
        cursor=table.cursor,
        read=partial(read, client, clock, found.table, names=tuple(table.columns)),
        skipped=found.skipped,
        deletions=deletions(client, clock, found.table, tuple(table.columns)),
        own_flag=True,
        notes=dict.fromkeys(found.missing, f"is not read: {ABSENT}"),
        plan=partial(plan, client, clock, found.table),
    )


def read(
    client: NetSuiteClient,
    clock: datetime,
    table: Table,
    since: datetime | None,
    names: Sequence[str] = (),
) -> Iterator[pa.Table]:
    """Pages of text columns, one per name of `names` (default: the columns of the spec)."""
    return pages(client, table, partial(select, table, since, clock), names)
