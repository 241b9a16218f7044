"""How Salesforce writes values and errors."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from pipelines.simulators.org import SalesforceOrg
from pipelines.simulators.soql import Soql, SoqlError, parse
from pipelines.simulators.web import WireError

# DuckDB text of a stored value. Numbers with decimals always show one, and no zeros after it.
_DECIMAL: Final = r"regexp_replace({0}::VARCHAR, '(\.\d+?)0*$', '\1')"
_PLAIN: Final = "{0}::VARCHAR"
_TEXT: Final = {
    "int": _PLAIN,
    "double": _DECIMAL,
    "currency": _DECIMAL,
    "percent": _DECIMAL,
    "boolean": _PLAIN,
    "date": _PLAIN,
    "datetime": "strftime({0}, '%Y-%m-%dT%H:%M:%S.000{zone}')",
}
# JSON takes the text of these as it stands: an amount never passes through a float.
_JSON_LITERALS: Final = ("int", "double", "currency", "percent", "boolean")


def refusal(status: int, code: str, message: str) -> WireError:
    """An error reply: a list of one."""
    return WireError(status, [{"message": message, "errorCode": code}])


def not_found() -> WireError:
    """The reply to anything the org does not know."""
    return refusal(HTTPStatus.NOT_FOUND, "NOT_FOUND", "The requested resource does not exist")


def checked(soql: str, org: SalesforceOrg) -> Soql:
    """Parse a query.

    Raises:
        WireError: 400, with the code Salesforce gives.
    """
    try:
        return parse(soql, org)
    except SoqlError as error:
        raise refusal(HTTPStatus.BAD_REQUEST, error.code, error.message) from error


def stamp(moment: datetime) -> str:
    """A datetime as REST writes it: UTC, milliseconds, no colon in the offset."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000+0000"


def fetch(
    org: SalesforceOrg, query: Soql, *, with_deleted: bool, zone: str, shuffled: bool = False
) -> list[tuple[str | None, ...]]:
    """Rows of a query as wire text: the record's Id first, then its fields.

    Args:
        org: where to look.
        query: a query with fields.
        with_deleted: whether soft-deleted records count.
        zone: how UTC is written after a time: `+0000` in JSON, `Z` in CSV (recalled).
        shuffled: give an order that follows nothing, the same every time.
    """
    types = org.tables[query.sobject]
    columns = [
        _TEXT.get(types[name], "{0}").format(f'"{name}"', zone=zone) for name in query.fields
    ]
    shuffle = 'ORDER BY md5("Id")' if shuffled and not query.ordered else ""
    return org.rows(
        f'SELECT "Id", {", ".join(columns)} {source(org, query, with_deleted=with_deleted)} '
        f"{shuffle} {query.tail}"
    )


def source(org: SalesforceOrg, query: Soql, *, with_deleted: bool) -> str:
    """DuckDB FROM and WHERE of a query."""
    alive = (
        ""
        if with_deleted or "IsDeleted" not in org.tables[query.sobject]
        else ('NOT "IsDeleted" AND ')
    )
    return f'FROM "{query.sobject}" WHERE {alive}({query.condition})'


def records_json(
    org: SalesforceOrg, query: Soql, rows: Sequence[tuple[str | None, ...]], version: str
) -> str:
    """Fetched rows as a JSON array of records."""
    types = org.tables[query.sobject]
    head = f'{{"attributes":{{"type":"{query.sobject}","url":"/services/data/v{version}/sobjects/'
    head += f"{query.sobject}/"
    fields = [(f',"{name}":', types[name] in _JSON_LITERALS) for name in query.fields]

    def record(row: tuple[str | None, ...]) -> str:
        values = "".join(
            label + (text if literal and text is not None else json.dumps(text))
            for (label, literal), text in zip(fields, row[1:], strict=True)
        )
        return f'{head}{row[0]}"}}{values}}}'

    return f"[{','.join(map(record, rows))}]"
