"""SuiteQL: read as Oracle SQL by sqlglot, checked as NetSuite checks it, written as DuckDB SQL.

Simulated: joins, subqueries, GROUP BY, ORDER BY, CASE, NVL, DECODE, TO_CHAR, TO_DATE,
TO_TIMESTAMP, TO_NUMBER, CURRENT_DATE, SYSDATE, DUAL, ROWNUM, FETCH FIRST and `?` parameters.
Refused as NetSuite does: WITH, LIMIT, date literals, more than 1,000 IN items, unknown names.
Not simulated, and refused: BUILTIN functions, the (+) join, TRUNC of a date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.dialects.oracle import Oracle
from sqlglot.errors import SqlglotError
from sqlglot.parsers.oracle import OracleParser

from pipelines.simulators.org import NetSuiteOrg

MOST_IN_ITEMS: Final = 1_000
# Date format elements in strftime's spelling; an element comes before its own beginnings.
FORMAT_ELEMENTS: Final = {
    "YYYY": "%Y",
    "MONTH": "%B",
    "HH24": "%H",
    "HH12": "%I",
    "MON": "%b",
    "FF3": "%g",
    "DAY": "%A",
    "YY": "%y",
    "MM": "%m",
    "DD": "%d",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "AM": "%p",
    "PM": "%p",
}
_FORMAT: Final = re.compile(
    rf'"(?P<quoted>[^"]*)"|(?P<element>{"|".join(FORMAT_ELEMENTS)})|(?P<other>.)', re.IGNORECASE
)
_FORMAT_FUNCTIONS: Final = {
    "TO_CHAR": "strftime",
    "TO_DATE": "strptime",
    "TO_TIMESTAMP": "strptime",
}
_CLOCK_NAMES: Final = ("SYSDATE", "SYSTIMESTAMP")
_ACCOUNT_DATE: Final = "strftime({0}, '%-m/%-d/%Y')"
_TRIMMED: Final = "rtrim(rtrim({0}::VARCHAR, '0'), '.')"


class SuiteQl(Oracle):
    """Oracle's grammar, with the functions of dates and numbers left to this module."""

    class Parser(OracleParser):
        """Oracle's parser without its own reading of TO_CHAR and its kin."""

        FUNCTIONS = {  # noqa: RUF012 - sqlglot's way to extend a dialect
            name: build
            for name, build in OracleParser.FUNCTIONS.items()
            if name not in (*_FORMAT_FUNCTIONS, "TO_NUMBER")
        }


class SuiteQlError(Exception):
    """A query NetSuite would refuse; the text is what follows `Search error occurred:`."""


@dataclass(frozen=True)
class Translated:
    """A query for DuckDB.

    Attributes:
        names: keys of each row, lower case.
        rows: DuckDB query; every column is the text NetSuite shows, or null.
        count: DuckDB query for the number of rows, as text.
    """

    names: tuple[str, ...]
    rows: str
    count: str


def translate(text: str, params: Sequence[object], org: NetSuiteOrg) -> Translated:
    """Check and translate a query.

    Raises:
        SuiteQlError: NetSuite would refuse it, or this server cannot play it.
    """
    try:
        statements = sqlglot.parse(_with_params(text, params), read=SuiteQl)
    except SqlglotError as error:
        raise SuiteQlError(f"Syntax error: {error}") from error
    tree = statements[0] if len(statements) == 1 else None
    if not isinstance(tree, exp.Query):
        raise SuiteQlError("Only a SELECT can be run.")
    _check(tree, org)
    for select in tuple(tree.find_all(exp.Select)):
        _number_rows(select)
    for position, column in enumerate(tree.selects, start=1):
        if not isinstance(column, exp.Column | exp.Alias | exp.Star):
            column.replace(exp.alias_(column.copy(), f"expr{position}"))
    # Inner nodes first: a rewritten node carries its arguments along as they are.
    for node in reversed(list(tree.walk(bfs=False))):
        if (rewritten := _rewritten(node, org)) is not node:
            node.replace(rewritten)
    return _shown(tree.sql("duckdb", identify=True), org)


def _with_params(text: str, params: Sequence[object]) -> str:
    """The query with each `?` replaced by its value."""
    places = [
        token.start
        for token in sqlglot.tokenize(text, read=SuiteQl)
        if token.text == "?" and text[token.start] == "?"
    ]
    if len(places) != len(params):
        raise SuiteQlError(f"{len(places)} parameters expected, {len(params)} given.")
    for place, value in reversed(list(zip(places, params, strict=True))):
        text = f"{text[:place]}{_literal(value)}{text[place + 1 :]}"
    return text


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


def _check(tree: exp.Query, org: NetSuiteOrg) -> None:
    if tree.find(exp.With):
        raise SuiteQlError("Syntax error: WITH is not supported.")
    if tree.find(exp.Limit):
        raise SuiteQlError("Syntax error: LIMIT is not supported; use FETCH FIRST or ROWNUM.")
    if tree.find(exp.DateStrToDate, exp.StrToTime):  # TO_DATE and TO_TIMESTAMP are not read so
        raise SuiteQlError("Syntax error: date literals are not supported; use TO_DATE.")
    if any(len(node.expressions) > MOST_IN_ITEMS for node in tree.find_all(exp.In)):
        raise SuiteQlError(f"More than {MOST_IN_ITEMS} items in IN.")
    tables = {node.alias_or_name.lower(): node.name for node in tree.find_all(exp.Table)}
    for name in tables.values():
        if name.lower() != "dual" and org.table(name) is None:
            raise SuiteQlError(f"Record '{name}' was not found.")
    known = {alias: _columns(name, org) for alias, name in tables.items()}
    named = {node.alias.lower() for node in tree.find_all(exp.Alias)}
    anywhere = named.union(*known.values())
    for column in tree.find_all(exp.Column):
        name = column.name.lower()
        within = known.get(column.table.lower(), anywhere)
        if not (
            isinstance(column.this, exp.Star)
            or column.name.upper() in ("ROWNUM", *_CLOCK_NAMES)
            or name in within
        ):
            available = ", ".join(f"{alias}={table}" for alias, table in tables.items())
            raise SuiteQlError(
                f"Unknown identifier '{name}'. Available identifiers are: {{{available}}}."
            )


def _columns(table: str, org: NetSuiteOrg) -> set[str]:
    own = org.table(table)
    return {"dummy"} if own is None else {name.lower() for name in org.tables[own]}


def _number_rows(select: exp.Select) -> None:
    """ROWNUM counts the rows WHERE lets through, before ORDER BY: DuckDB's QUALIFY."""
    where = select.args.get("where")
    if where is None:
        return
    conditions = list(where.this.flatten()) if isinstance(where.this, exp.And) else [where.this]
    counted = [condition for condition in conditions if _mentions_rownum(condition)]
    if not counted:
        return
    if select.args.get("group") or select.find(exp.AggFunc):
        raise SuiteQlError("ROWNUM beside an aggregate is not simulated.")
    others = [condition for condition in conditions if condition not in counted]
    select.set("where", exp.Where(this=exp.and_(*others)) if others else None)
    select.set("qualify", exp.Qualify(this=exp.and_(*counted)))


def _mentions_rownum(node: exp.Expr) -> bool:
    return any(column.name.upper() == "ROWNUM" for column in node.find_all(exp.Column))


def _rewritten(node: exp.Expr, org: NetSuiteOrg) -> exp.Expr:
    """One node of Oracle's SQL as DuckDB writes it."""
    name = node.name.upper()
    if isinstance(node, exp.Column) and name == "ROWNUM":
        return sqlglot.parse_one("ROW_NUMBER() OVER ()")
    if isinstance(node, exp.CurrentDate | exp.CurrentTimestamp | exp.Systimestamp) or (
        isinstance(node, exp.Column) and name in _CLOCK_NAMES
    ):
        # Oracle's CURRENT_DATE has a time of day, in the account's time zone.
        local = org.clock.now.astimezone(ZoneInfo(org.time_zone))
        return exp.cast(exp.Literal.string(f"{local:%Y-%m-%d %H:%M:%S}"), "timestamp")
    if isinstance(node, exp.Anonymous) and name == "TO_NUMBER":
        return exp.cast(node.expressions[0], "decimal(28, 10)")
    if isinstance(node, exp.Anonymous) and name in _FORMAT_FUNCTIONS:
        return _formatted(name, *node.expressions)
    return node


def _formatted(function: str, value: exp.Expr, layout: exp.Expr | None = None) -> exp.Expr:
    if layout is None and function == "TO_CHAR":
        return exp.cast(value, "text")
    if not isinstance(layout, exp.Literal):
        raise SuiteQlError(f"{function} needs a date format.")
    if function == "TO_CHAR":  # the account's wall clock; DuckDB formats an instant far slower
        value = exp.cast(value, "timestamp")
    written = exp.Literal.string(_FORMAT.sub(_strftime_element, layout.name))
    return exp.func(_FORMAT_FUNCTIONS[function], value, written, dialect="duckdb", copy=False)


def _strftime_element(match: re.Match[str]) -> str:
    if match["element"]:
        return FORMAT_ELEMENTS[match["element"].upper()]
    return (match["quoted"] or match["other"] or "").replace("%", "%%")


def _shown(sql: str, org: NetSuiteOrg) -> Translated:
    """Wrap a query so that every column is text as NetSuite shows it."""
    try:
        types = org.result_types(sql)
    except duckdb.Error as error:
        raise SuiteQlError(f"Invalid or unsupported search: {error}") from error
    aliases = [f"c{position}" for position in range(len(types))]
    columns = [_text(alias, kind) for alias, (_, kind) in zip(aliases, types, strict=True)]
    return Translated(
        tuple(name.lower() for name, _ in types),
        f"SELECT {', '.join(columns)} FROM ({sql}) AS q({', '.join(aliases)})",
        f"SELECT count(*)::VARCHAR FROM ({sql}) AS q",
    )


def _text(column: str, kind: str) -> str:
    """Without TO_CHAR a date takes the account's format, and a datetime loses its time."""
    if kind.startswith(("DATE", "TIMESTAMP")):
        return _ACCOUNT_DATE.format(column)
    if kind.startswith("DECIMAL") and not kind.endswith(",0)"):
        return _TRIMMED.format(column)
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN 'T' WHEN NOT {column} THEN 'F' END"
    return f"{column}::VARCHAR"
