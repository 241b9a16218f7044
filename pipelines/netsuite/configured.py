"""`tables.TABLES` with what `[sources.netsuite.tables.<table>]` adds or changes.

SuiteQL describes nothing and sends every value as text, so a column's type is configured too.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pipelines.errors import ConfigurationError
from pipelines.load.object_settings import object_settings
from pipelines.netsuite.settings import SOURCE
from pipelines.netsuite.tables import TABLES, TYPES, Table

KINDS: Final[Mapping[str, type]] = {
    "columns": dict,
    "optional_columns": list,
    "cursor": str,
    "key": list,
    "optional": bool,
}


def configured_tables(given: Mapping[str, Any] | None) -> tuple[Table, ...]:
    """All tables to load; one that is not in `TABLES` is the account's own (a custom record).

    `columns` adds columns: name -> type. `optional_columns` may be absent. `key` is the columns
    that identify a row of a table of one's own, numeric ones (default: id). An empty `cursor`
    reads the table whole, as a table of one's own is unless a cursor is given.

    Raises:
        ConfigurationError: an unknown setting, type or column.
    """
    settings = object_settings(SOURCE, "tables", given, KINDS)
    known = {table.name: table for table in TABLES}
    for name, changes in settings.items():
        for column, kind in changes.get("columns", {}).items():
            if kind not in TYPES:
                raise _wrong(name, column, f"{column} is of the unknown type {kind}.", TYPES)
        known[name] = _changed(known.get(name) or _own(name, changes), changes)
    return tuple(known.values())


def _own(name: str, changes: Mapping[str, Any]) -> Table:
    if not changes.get("columns"):
        raise ConfigurationError(
            f"{name} is not among the tables tieout knows, and no columns are given for it.",
            source=SOURCE,
            object_name=name,
            field="columns",
            fix=f"List its columns in [sources.netsuite.tables.{name}], or correct the name.",
        )
    key = tuple(changes.get("key", ["id"]))
    return Table(name, dict.fromkeys(key, "id"), key, key, cursor=None)


def _changed(table: Table, changes: Mapping[str, Any]) -> Table:
    columns = {**changes.get("columns", {}), **table.columns}
    columns = {name: columns[name] for name in (*table.columns, *changes.get("columns", {}))}
    cursor = changes.get("cursor", table.cursor) or None
    optional = frozenset(changes.get("optional_columns", ()))
    named = {"cursor": [cursor] if cursor else [], "optional_columns": sorted(optional)}
    for setting, names in named.items():
        if unknown := [name for name in names if name not in columns]:
            text = f"{unknown[0]} is not among the columns."
            raise _wrong(table.name, setting, text, columns)
    if needed := sorted(optional & {*table.key, *table.primary_key, cursor}):
        text = f"{needed[0]} identifies or dates a row and cannot be optional."
        raise _wrong(table.name, "optional_columns", text, sorted(set(columns) - {needed[0]}))
    return replace(
        table,
        columns=columns,
        cursor=cursor,
        optional=changes.get("optional", table.optional),
        optional_columns=table.optional_columns | optional,
    )


def _wrong(name: str, field: str, message: str, choices: Any) -> ConfigurationError:
    return ConfigurationError(
        message,
        source=SOURCE,
        object_name=name,
        field=field,
        fix=f"Correct [sources.netsuite.tables.{name}]; possible are {', '.join(choices)}.",
    )
