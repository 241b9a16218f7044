"""SOQL, the part that reads one object: parsed by sqlglot, checked as Salesforce checks it.

Simulated: fields, WHERE with AND/OR/NOT, comparisons, IN, LIKE, null, date and datetime literals,
ORDER BY, LIMIT, OFFSET, COUNT(). Refused as malformed: everything else (GROUP BY, aggregates,
subqueries, relationship paths, functions), and also what Salesforce refuses although SQL would
not: AND mixed with OR without parentheses, quoted dates, CAST.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from pipelines.simulators.org import SalesforceOrg

# Strings, datetimes, dates. SOQL writes dates bare and escapes quotes with a backslash: both are
# rewritten before SQL's grammar reads the text, dates as strings that carry a mark.
LITERALS: Final = re.compile(
    r"(?P<string>'(?:\\.|[^'\\])*')"
    r"|(?P<datetime>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))"
    r"|(?P<date>\b\d{4}-\d\d-\d\d\b)"
)
MARK: Final = "\x00"
CLAUSES: Final = {"kind", "expressions", "from_", "where", "order", "limit", "offset"}
COMPARISONS: Final[dict[type[exp.Expr], str]] = {
    exp.EQ: "=",
    exp.NEQ: "IS DISTINCT FROM",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}
LITERAL_KINDS: Final = {
    "date": "date",
    "datetime": "datetime",
    "boolean": "boolean",
    "int": "number",
    "double": "number",
    "currency": "number",
    "percent": "number",
}


class SoqlError(Exception):
    """A query Salesforce would refuse: its error code and message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Soql:
    """A checked query, ready for DuckDB.

    Attributes:
        sobject: object name as describe spells it.
        fields: field names as describe spells them; empty for COUNT().
        condition: DuckDB condition.
        tail: DuckDB ORDER BY, LIMIT and OFFSET.
        ordered: whether the query asks for an order.
    """

    sobject: str
    fields: tuple[str, ...]
    condition: str
    tail: str
    ordered: bool


def parse(text: str, org: SalesforceOrg) -> Soql:
    """Check a query against the org.

    Raises:
        SoqlError: MALFORMED_QUERY, INVALID_TYPE or INVALID_FIELD.
    """
    try:
        statements = sqlglot.parse(LITERALS.sub(_as_sql_string, text))
    except SqlglotError as error:
        raise malformed(f"unexpected token: {error}") from error
    select = statements[0] if len(statements) == 1 else None
    if not isinstance(select, exp.Select):
        raise malformed("only a SELECT can be queried")
    if unknown := {key for key, value in select.args.items() if value} - CLAUSES:
        raise malformed(f"unexpected token: {', '.join(sorted(unknown))}")
    checker = _Checker(org, _source(select, org))
    where, order = select.args.get("where"), select.args.get("order")
    tail = [checker.order(order)] if order else []
    tail += [_count(select, "limit"), _count(select, "offset")]
    return Soql(
        checker.sobject,
        _selected(select, checker),
        checker.condition(where.this) if where else "true",
        " ".join(part for part in tail if part),
        bool(order),
    )


def malformed(message: str) -> SoqlError:
    """The error for text that is not SOQL."""
    return SoqlError("MALFORMED_QUERY", message)


def _as_sql_string(match: re.Match[str]) -> str:
    if match["string"]:
        content = re.sub(r"\\(.)", r"\1", match["string"][1:-1]).replace(MARK, "")
        return "'" + content.replace("'", "''") + "'"
    if match["datetime"]:
        return f"'{MARK}datetime{MARK}{match['datetime']}'"
    return f"'{MARK}date{MARK}{match['date']}'"


def _source(select: exp.Select, org: SalesforceOrg) -> str:
    source = select.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table):
        raise malformed("unexpected token: '<EOF>'")
    name = source.this.sql()
    if not (known := org.table(name)):
        message = f"sObject type '{name}' is not supported. If you are attempting to use a custom "
        message += "object, be sure to append the '__c' after the entity name."
        raise SoqlError("INVALID_TYPE", message)
    return known


def _selected(select: exp.Select, checker: "_Checker") -> tuple[str, ...]:
    asked = select.expressions
    if len(asked) == 1 and isinstance(asked[0], exp.Count) and asked[0].this is None:
        return ()
    fields = tuple(checker.field(node) for node in asked)
    if repeated := [name for name in fields if fields.count(name) > 1]:
        raise malformed(f"duplicate field selected: {repeated[0]}")
    return fields


def _count(select: exp.Select, clause: str) -> str:
    node = select.args.get(clause)
    if node is None:
        return ""
    if not (isinstance(node.expression, exp.Literal) and node.expression.name.isdigit()):
        raise malformed(f"{clause} must be a whole number")
    return f"{clause.upper()} {node.expression.name}"


@dataclass(frozen=True)
class _Checker:
    """Translates conditions on one object to DuckDB, checking names and literal types."""

    org: SalesforceOrg
    sobject: str

    def field(self, node: exp.Expr | None) -> str:
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            raise malformed(f"unexpected token: '{node.sql() if node else ''}'")
        name = self.org.column(self.sobject, node.name)
        if name is None or node.table.lower() not in ("", self.sobject.lower()):
            raise SoqlError(
                "INVALID_FIELD",
                f"\nSELECT {node.sql()} FROM {self.sobject}\n^\nERROR at Row:1:Column:8\n"
                f"No such column '{node.sql()}' on entity '{self.sobject}'. If you are attempting "
                "to use a custom field, be sure to append the '__c' after the custom field name.",
            )
        return name

    def order(self, order: exp.Order) -> str:
        parts = [
            f'"{self.field(item.this)}" {"DESC" if item.args.get("desc") else "ASC"} '
            f"NULLS {'FIRST' if item.args.get('nulls_first') else 'LAST'}"
            for item in order.expressions
        ]
        return f"ORDER BY {', '.join(parts)}"

    def condition(self, node: exp.Expr) -> str:
        match node:
            case exp.Paren():
                return f"({self.condition(node.this)})"
            case exp.Not():
                return f"NOT ({self.condition(node.this)})"
            case exp.And() | exp.Or():
                return self._connected(node)
            case exp.In() if node.expressions:
                name = self.field(node.this)
                values = ", ".join(self._literal(name, item) for item in node.expressions)
                return f'"{name}" IN ({values})'
            case exp.Like():
                name = self.field(node.this)
                return f'"{name}" ILIKE {self._literal(name, node.expression)}'
        if type(node) in COMPARISONS:
            return self._comparison(node)
        raise malformed(f"unexpected token: '{node.sql()}'")

    def _connected(self, node: exp.And | exp.Or) -> str:
        if any(
            isinstance(side, exp.And | exp.Or) and type(side) is not type(node)
            for side in (node.left, node.right)
        ):
            raise malformed("unexpected token: AND and OR need parentheses")
        word = "AND" if isinstance(node, exp.And) else "OR"
        return f"{self.condition(node.left)} {word} {self.condition(node.right)}"

    def _comparison(self, node: exp.Expr) -> str:
        name = self.field(node.this)
        if isinstance(node.expression, exp.Null):
            if not isinstance(node, exp.EQ | exp.NEQ):
                raise malformed("null compares with = and != only")
            return f'"{name}" IS {"" if isinstance(node, exp.EQ) else "NOT "}NULL'
        # As in SOQL, a record without a value does differ from one with.
        return f'"{name}" {COMPARISONS[type(node)]} {self._literal(name, node.expression)}'

    def _literal(self, name: str, node: exp.Expr) -> str:
        kind, text = _read_literal(node)
        expected = LITERAL_KINDS.get(self.org.tables[self.sobject][name], "string")
        if kind != expected:
            raise SoqlError(
                "INVALID_FIELD",
                f"value of filter criterion for field '{name}' must be of type {expected}"
                + (" and should not be enclosed in quotes" if kind == "string" else ""),
            )
        return text


def _read_literal(node: exp.Expr) -> tuple[str, str]:
    """The kind of a SOQL literal, and DuckDB's text for it."""
    if isinstance(node, exp.Boolean):
        return "boolean", node.sql()
    number = node.this if isinstance(node, exp.Neg) else node
    if not isinstance(number, exp.Literal):
        raise malformed(f"unexpected token: '{node.sql()}'")
    if not number.is_string:
        return "number", node.sql()
    if not number.name.startswith(MARK):
        return "string", number.sql()
    _, kind, text = number.name.split(MARK)
    try:
        if kind == "date":
            return kind, f"DATE '{date.fromisoformat(text)}'"
        return kind, f"TIMESTAMPTZ '{datetime.fromisoformat(text).astimezone(UTC)}'"
    except ValueError as error:
        raise malformed(f"{error}: '{text}'") from error
