"""Compares the keys of one object with those of its raw table and sets the deletion flag."""

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.load.keys import Deletions, Scope
from pipelines.load.resource import raw_name


@dataclass(frozen=True)
class Keyed:
    """One raw table by its key, columns as the warehouse spells them."""

    source: str
    object_name: str
    table: str
    key: tuple[str, ...]
    deletions: Deletions


@dataclass(frozen=True)
class Outcome:
    """Counts of one comparison, all of the part that was compared.

    Attributes:
        expected: keys the source holds.
        held: rows not marked as deleted, before.
        missing: keys of the source that no such row has, before.
        marked: rows whose key the source lacks, marked now.
        restored: rows whose mark was lifted.
        absent: values of the scope column in keys that no row has, marked or not, and that no load
            set aside.
    """

    expected: int = 0
    held: int = 0
    missing: int = 0
    marked: int = 0
    restored: int = 0
    absent: tuple[str, ...] = ()


def compare(keyed: Keyed, warehouse: Path, scope: Scope | None, *, trusted: bool) -> Outcome | None:
    """Ask the source for its keys and mark the rows it no longer has; None if no row is asked for.

    Args:
        keyed: the table.
        warehouse: where it is.
        scope: the part to compare; None compares all. Values no row has are not asked for.
        trusted: whether the source itself said that these records are deleted. Otherwise an
            object that answers with no key at all is an error, not an empty object.

    Raises:
        SourceError: unreachable, or no key at all where rows are in the warehouse.
    """
    with duckdb.connect(str(warehouse)) as connection:
        if scope is not None:
            scope = Scope(scope.column, _held_values(connection, keyed, scope))
            if not scope.values:
                return None
        living = _living(keyed, scope)
        connection.register("living_keys", living)
        connection.register("scope_values", pa.table({"value": pa.array(_values(scope))}))
        within = "true"
        if scope is not None:
            within = f'"{raw_name(scope.column)}" in (select value from scope_values)'
        outcome = _count(connection, keyed, within)
        if outcome.missing:
            outcome = replace(outcome, absent=_absent(connection, keyed))
        if outcome.marked and not trusted and not living.num_rows:
            _refuse_silence(keyed, outcome)
        flag = keyed.deletions.flag
        found = f"({', '.join(_quoted(keyed.key))}) in (from living_keys)"
        if outcome.marked or outcome.restored:
            connection.execute(
                f'update {keyed.table} set "{flag}" = not {found} '
                f'where {within} and coalesce("{flag}", false) = {found}'
            )
    return outcome


def _held_values(connection: duckdb.DuckDBPyConnection, keyed: Keyed, scope: Scope) -> list[str]:
    connection.register("asked_values", pa.table({"value": pa.array(scope.values, pa.string())}))
    column = raw_name(scope.column)
    held = connection.execute(
        f'select distinct "{column}" from {keyed.table} '
        f'where "{column}" in (select value from asked_values) order by all'
    ).fetchall()
    return [str(value) for (value,) in held]


def _values(scope: Scope | None) -> list[str]:
    return list(scope.values) if scope else []


def _living(keyed: Keyed, scope: Scope | None) -> pa.Table:
    empty = pa.table({name: pa.array([], pa.string()) for name in keyed.key})
    pages = [page.rename_columns(list(keyed.key)) for page in keyed.deletions.keys(scope)]
    return pa.concat_tables([empty, *pages])


def _count(connection: duckdb.DuckDBPyConnection, keyed: Keyed, within: str) -> Outcome:
    key = ", ".join(_quoted(keyed.key))
    counts = connection.execute(
        f"""
        with
        living as (select distinct {key}, true as is_living from living_keys),
        held as (
            select {key}, coalesce("{keyed.deletions.flag}", false) as is_marked
            from {keyed.table} where {within}
        )
        select
            count(*) filter (is_living),
            count(*) filter (not is_marked),
            count(*) filter (is_living and is_marked is not false),
            count(*) filter (not is_marked and is_living is null),
            count(*) filter (is_marked and is_living)
        from held full join living using ({key})
        """
    ).fetchone()
    return Outcome(*counts) if counts else Outcome()


def _absent(connection: duckdb.DuckDBPyConnection, keyed: Keyed) -> tuple[str, ...]:
    key = ", ".join(_quoted(keyed.key))
    found = connection.execute(
        f"""
        select distinct "{raw_name(keyed.deletions.scope_column)}"
        from living_keys anti join {keyed.table} using ({key})
        where concat_ws('/', {key}) not in (
            select record_id from raw_tieout.quarantine where source = ? and object_name = ?
        )
        order by all
        """,
        [keyed.source, keyed.object_name],
    ).fetchall()
    return tuple(str(value) for (value,) in found)


def _refuse_silence(keyed: Keyed, outcome: Outcome) -> None:
    """Stop before all rows are marked because the source shows none.

    NetSuite answers a role that may no longer see the records with no rows and no error.
    """
    for page in keyed.deletions.keys(None):
        if page.num_rows:
            return
    raise SourceError(
        f"The source shows no record, but {outcome.marked} rows are in the warehouse; none is "
        "marked as deleted.",
        source=keyed.source,
        object_name=keyed.object_name,
        fix="Check that the integration user or role still sees the records. If they are truly "
        f"gone, run: drop table {keyed.table}.",
    )


def _quoted(names: tuple[str, ...]) -> list[str]:
    return [f'"{name}"' for name in names]
