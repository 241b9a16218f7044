"""SuiteQL text: typed columns, the window of one load, and paging by key.

Offsets end at 100,000 rows without a word and overlap when rows change meanwhile, so each page
asks for the rows after the last key of the page before.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial, reduce
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.errors import SourceError
from pipelines.load.keys import Scope, batches
from pipelines.netsuite.client import PAGE_ROWS, NetSuiteClient
from pipelines.netsuite.settings import SOURCE
from pipelines.netsuite.tables import Table

DATE_FORMAT: Final = "YYYY-MM-DD"
DATETIME_FORMAT: Final = "YYYY-MM-DD HH24:MI:SS"
# CURRENT_DATE is the account's wall clock with the time of day, whatever this machine says.
CLOCK_SQL: Final = f"SELECT TO_CHAR(CURRENT_DATE,'{DATETIME_FORMAT}') AS now FROM DUAL"
# A query may list 1,000 values.
VALUES_PER_QUERY: Final = 500
_NUMBER: Final = re.compile(r"-?\d+")


def select(
    table: Table,
    since: datetime | None,
    until: datetime,
    after: Sequence[str] | None,
    within: Scope | None = None,
) -> str:
    """The query for one page.

    Dates go through TO_CHAR: bare they follow the user's date format, and datetimes lose their
    time of day.

    Args:
        table: the spec.
        since: oldest change wanted, in account time; None reads everything.
        until: newest change wanted. Applies with `since` only: a first load must also take the
            rows whose cursor is null.
        after: key of the last row of the page before, None for the first page.
        within: the part of the table to read, None for all of it.
    """
    columns = ", ".join(_column(name, kind) for name, kind in table.columns.items())
    conditions = _window(table, since, until)
    if within:
        values = [value for value in within.values if _NUMBER.fullmatch(value)]
        conditions.append(f"{within.column} IN ({', '.join(values or ['NULL'])})")
    if after:
        conditions.append(_beyond(table.key, after))
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = ", ".join(table.key)
    return f"SELECT {columns} FROM {table.name}{where} ORDER BY {order}"


def _column(name: str, kind: str) -> str:
    if kind not in ("date", "datetime"):
        return name
    return f"TO_CHAR({name},'{DATE_FORMAT if kind == 'date' else DATETIME_FORMAT}') AS {name}"


def _moment(moment: datetime) -> str:
    return f"TO_DATE('{moment:%Y-%m-%d %H:%M:%S}','{DATETIME_FORMAT}')"


def _beyond(key: Sequence[str], after: Sequence[str]) -> str:
    """Rows after a key, column by column: a > x OR (a = x AND b > y) OR ..."""
    steps = []
    for position, (name, value) in enumerate(zip(key, after, strict=True)):
        same = [f"{k} = {v}" for k, v in zip(key[:position], after[:position], strict=True)]
        steps.append(" AND ".join([*same, f"{name} > {value}"]))
    return steps[0] if len(steps) == 1 else f"({' OR '.join(f'({step})' for step in steps)})"


def pages(
    client: NetSuiteClient,
    table: Table,
    query: Callable[[Sequence[str] | None], str],
    columns: Sequence[str] = (),
) -> Iterator[pa.Table]:
    """Pages of text columns.

    The last page is short and says that nothing follows: a full one may sit at the row limit of
    the account, where `hasMore` is false although rows remain.

    Args:
        client: the account.
        table: the spec.
        query: the text of the page after a key (None: of the first).
        columns: their names, by default those of the spec; one that no row has is null.

    Raises:
        SourceError: unreachable, refused, or rows do not come in order of the key.
    """
    after: tuple[str, ...] | None = None
    while True:
        answer = client.text_page(query(after), columns or tuple(table.columns), table.name)
        page = answer.table
        more = bool(page.num_rows) and (page.num_rows >= PAGE_ROWS or answer.has_more)
        if more and table.shared_key:
            page = whole_groups(table, page)
        yield page
        if not more:
            return
        after = last_key(table, _last_row(table, page), after)


def pages_within(
    client: NetSuiteClient,
    table: Table,
    until: datetime,
    columns: Sequence[str],
    scope: Scope | None,
) -> Iterator[pa.Table]:
    """Pages of a part of a table (None: of all of it), whatever changed when, up to `until`.

    Raises:
        SourceError: unreachable, refused, or rows do not come in order of the key.
    """
    parts: list[Scope | None] = [None]
    if scope:
        parts = [Scope(scope.column, ids) for ids in batches(scope.values, VALUES_PER_QUERY)]
    for part in parts:
        yield from pages(client, table, partial(select, table, None, until, within=part), columns)


def last_key(
    table: Table, row: Mapping[str, str | None], before: Sequence[str] | None
) -> tuple[str, ...]:
    """Key of the page's last row, as digits.

    Raises:
        SourceError: it is not numeric, or does not lie after the page before: paging on would
            lose rows or never end.
    """
    key = tuple(row.get(name) or "" for name in table.key)
    numeric = all(_NUMBER.fullmatch(part) for part in key)
    if numeric and (not before or _ordinal(key) > _ordinal(before)):
        return key
    raise SourceError(
        f"Rows do not come in order of ({', '.join(table.key)}): "
        f"{'/'.join(key)} follows {'/'.join(before or ('the start',))}.",
        source=SOURCE,
        object_name=table.name,
        fix="Correct the key of the table in pipelines/netsuite/tables.py: numeric columns, unique "
        "together.",
    )


def whole_groups(table: Table, page: pa.Table) -> pa.Table:
    """The rows of a page without those of its last key: more of them may be on the next page.

    Raises:
        SourceError: a whole page shares one key.
    """
    # A key without a value is no group: `last_key` refuses it.
    same = [
        pc.fill_null(pc.equal(page[name], value or ""), fill_value=False)
        for name, value in _last_row(table, page).items()
    ]
    kept = page.filter(pc.invert(reduce(pc.and_, same)))
    if kept.num_rows:
        return kept
    raise SourceError(
        f"More than {page.num_rows} rows share ({', '.join(table.key)}).",
        source=SOURCE,
        object_name=table.name,
        fix="Correct the key of the table in pipelines/netsuite/tables.py: few rows may share it.",
    )


def _last_row(table: Table, page: pa.Table) -> dict[str, str | None]:
    """Key of the page's last row, by column."""
    [row] = page.select(list(table.key)).slice(page.num_rows - 1).to_pylist()
    return dict(row)


def count(table: Table, since: datetime | None, until: datetime) -> str:
    """The query that counts the rows of one load."""
    conditions = _window(table, since, until)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT COUNT(*) AS counted FROM {table.name}{where}"


def _window(table: Table, since: datetime | None, until: datetime) -> list[str]:
    if table.cursor and since:
        return [f"{table.cursor} >= {_moment(since)}", f"{table.cursor} <= {_moment(until)}"]
    if table.cursor:
        return [f"({table.cursor} <= {_moment(until)} OR {table.cursor} IS NULL)"]
    return []


def _ordinal(key: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(part) for part in key)
