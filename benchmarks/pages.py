"""Pages of both sources on disk, as their APIs would send them, ready to be served.

OpportunityLineItem as CSV files of Bulk API 2.0 (every value quoted, null is `""`), transaction
lines as answers of SuiteQL (every value a string, null columns omitted). The columns are those of
the connectors' specs, so a column added there is measured too.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from pipelines.netsuite.client import PAGE_ROWS as SUITEQL_PAGE_ROWS
from pipelines.netsuite.tables import TABLES, Table
from pipelines.salesforce.bulk import PAGE_ROWS as BULK_PAGE_ROWS
from pipelines.salesforce.objects import OBJECTS, SObject

SOBJECT: Final[SObject] = next(o for o in OBJECTS if o.name == "OpportunityLineItem")
TABLE: Final[Table] = next(t for t in TABLES if t.name == "transactionline")
LINES_PER_TRANSACTION: Final = 5
# Rows are stamped over these days; then some are changed; then the sources' clocks stand still.
FIRST_STAMP: Final = datetime(2025, 1, 1)
STAMPED_DAYS: Final = 300
CHANGED: Final = datetime(2025, 12, 1)
CLOCK: Final = datetime(2025, 12, 2)
ALL: Final = "all"
CHANGES: Final = "changes"


def bulk_file(folder: Path, part: str, page: int) -> Path:
    """CSV file of one result page."""
    return folder / f"bulk_{part}_{page}.csv"


def suiteql_file(folder: Path, part: str, page: int) -> Path:
    """JSON file of one SuiteQL answer."""
    return folder / f"suiteql_{part}_{page}.json"


def page_count(rows: int, page_rows: int) -> int:
    """Pages of at most `page_rows`; no rows are one empty page."""
    return max(-(-rows // page_rows), 1)


def changed_rows(rows: int) -> int:
    """One in a hundred, whole transactions."""
    return max(rows // 100 // LINES_PER_TRANSACTION, 1) * LINES_PER_TRANSACTION


def render(folder: Path, rows: int) -> None:
    """Write all pages of `rows` rows per source, and of those that changed later.

    The first rows are the changed ones, whole transactions: every amount and stamp differs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        for part, count in ((ALL, rows), (CHANGES, changed_rows(rows))):
            for page in range(page_count(count, BULK_PAGE_ROWS)):
                _render_bulk(connection, bulk_file(folder, part, page), part, page, rows, count)
            for page in range(page_count(count, SUITEQL_PAGE_ROWS)):
                file = suiteql_file(folder, part, page)
                file.write_text(_suiteql_page(connection, part, page, rows, count))


def _span(page: int, page_rows: int, count: int) -> str:
    return f"range({page * page_rows}, {min((page + 1) * page_rows, count)}) as lines (i)"


def _render_bulk(  # noqa: PLR0913, PLR0917 - what a page is made of
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    part: str,
    page: int,
    rows: int,
    count: int,
) -> None:
    columns = ", ".join(
        f"coalesce({_bulk_value(name, kind, part, rows)}, '') as \"{name}\""
        for name, kind in SOBJECT.all_fields.items()
    )
    connection.execute(
        f"copy (select {columns} from {_span(page, BULK_PAGE_ROWS, count)}) "
        f"to '{file}' (format csv, header, force_quote *)"
    )


def _suiteql_page(
    connection: duckdb.DuckDBPyConnection, part: str, page: int, rows: int, count: int
) -> str:
    items = " || ".join(
        f"coalesce(',\"{name}\":\"' || {_suiteql_value(name, kind, part, rows)} || '\"', '')"
        for name, kind in TABLE.columns.items()
    )
    found = connection.execute(
        "select coalesce(string_agg('{\"links\":[]' || " + items + " || '}', ',' order by i), ''), "
        f"count(*) from {_span(page, SUITEQL_PAGE_ROWS, count)}"
    ).fetchone()
    text, held = found or ("", 0)
    more = "true" if page + 1 < page_count(count, SUITEQL_PAGE_ROWS) else "false"
    return (
        f'{{"links":[],"count":{held},"hasMore":{more},"items":[{text}],'
        f'"offset":0,"totalResults":{count}}}'
    )


def _bulk_value(name: str, kind: str, part: str, rows: int) -> str:
    if name == SOBJECT.primary_key:
        return "'00kB' || lpad(cast(i as varchar), 14, '0')"
    if name == SOBJECT.cursor:
        return f"strftime({_stamp(part, rows)}, '%Y-%m-%dT%H:%M:%S.000Z')"
    if name == "IsDeleted":
        return "'false'"
    return {
        "datetime": f"strftime({_stamp(ALL, rows)}, '%Y-%m-%dT%H:%M:%S.000Z')",
        "date": _date(name),
        "boolean": _choice(name, "true", "false"),
        "double": _amount(name, part, digits=1),
        "currency": _amount(name, part, digits=2),
        "percent": _amount(name, part, digits=0),
        "int": f"cast({_random(name)} % 100 as varchar)",
        "picklist": _choice(name, "USD", "EUR"),
        "string": _text(name),
    }.get(kind, f"'01t' || lpad(cast({_random(name)} % 50000 as varchar), 15, '0')")


def _suiteql_value(name: str, kind: str, part: str, rows: int) -> str:
    own = {
        "uniquekey": "cast(i + 1 as varchar)",
        "transaction": f"cast(i // {LINES_PER_TRANSACTION} + 1 as varchar)",
        "id": f"cast(i % {LINES_PER_TRANSACTION} as varchar)",
        TABLE.cursor or "": f"strftime({_stamp(part, rows)}, '%Y-%m-%d %H:%M:%S')",
    }
    if name in own:
        return own[name]
    return {
        "datetime": f"strftime({_stamp(ALL, rows)}, '%Y-%m-%d %H:%M:%S')",
        "date": _date(name),
        "boolean": _choice(name, "T", "F"),
        "decimal": _amount(name, part, digits=2),
        "integer": f"cast({_random(name)} % 100 as varchar)",
        "text": _text(name),
    }.get(kind, f"cast({_random(name)} % 50000 as varchar)")


def _random(name: str) -> str:
    return f"hash(i, '{name}')"


def _stamp(part: str, rows: int) -> str:
    if part == CHANGES:
        return f"timestamp '{CHANGED}'"
    step = max(int(timedelta(days=STAMPED_DAYS).total_seconds()) // rows, 1)
    return f"timestamp '{FIRST_STAMP}' + to_seconds(i * {step})"


def _date(name: str) -> str:
    day = f"date '2020-01-01' + cast({_random(name)} % 2000 as integer)"
    return f"case when {_random(name)} % 5 > 0 then strftime({day}, '%Y-%m-%d') end"


def _choice(name: str, first: str, second: str) -> str:
    return f"case when {_random(name)} % 2 = 0 then '{first}' else '{second}' end"


def _amount(name: str, part: str, digits: int) -> str:
    units = f"({_random(name)} % 10000000 + {1 if part == CHANGES else 0})"
    return f"cast({units} // 1000 || '.' || lpad(cast({units} % 1000 as varchar), 3, '0') as " + (
        f"decimal(18, {digits}))::varchar"
    )


def _text(name: str) -> str:
    text = f"'Line ' || i || ' of ' || ({_random(name)} % 1000) || ', as ordered'"
    return f"case when {_random(name)} % 3 > 0 then {text} end"
