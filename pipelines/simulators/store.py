"""The tables of one simulated org: an in-memory DuckDB store and its clock.

Stamps are stored as instants; the session's time zone is the org's, so that text made from a stamp
is what the real system shows (UTC in Salesforce, account time in NetSuite).
"""

import itertools
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa

Key = str | int | tuple[str | int, ...]
Row = Mapping[str, object]

DECIMAL: Final = "DECIMAL(28,10)"
# Text that compares without regard to case, as in SOQL.
TEXT_ANY_CASE: Final = "VARCHAR COLLATE NOCASE"
ARROW_TYPES: Final = {
    "VARCHAR": pa.string(),
    TEXT_ANY_CASE: pa.string(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMPTZ": pa.timestamp("us", tz="UTC"),
    "BIGINT": pa.int64(),
    DECIMAL: pa.decimal128(28, 10),
}


@dataclass
class Clock:
    """The time both orgs believe it is (aware, UTC); it stands still until advanced."""

    now: datetime
    _waiting: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list, repr=False)

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Let something happen when the clock gets there."""
        self._waiting.append((moment, action))

    def advance(self, by: timedelta) -> None:
        """Move the clock forward, through everything that happens on the way."""
        end = self.now + by
        while due := [each for each in self._waiting if each[0] <= end]:
            first = min(due, key=lambda each: each[0])
            self._waiting.remove(first)
            self.now = max(self.now, first[0])
            first[1]()
        self.now = end


class Store(ABC):
    """Tables of one org. Every access takes the lock: servers answer from many threads.

    Attributes:
        tables: table name -> column name -> type, as the source names it.
        clock: the org's own time.
        serial: numbers for new records, never twice.
    """

    def __init__(
        self,
        clock: Clock,
        time_zone: str,
        tables: Mapping[str, Mapping[str, str]],
        sql_types: Mapping[str, str],
    ) -> None:
        self.clock = clock
        self.tables = {name: dict(columns) for name, columns in tables.items()}
        self.serial = itertools.count(1)
        self._sql_types = sql_types
        self._lock = threading.RLock()
        # Queries come from outside: they must not reach files or the network through SQL.
        self._database = duckdb.connect(":memory:", config={"enable_external_access": "false"})
        self._database.execute(f"SET GLOBAL TimeZone = '{time_zone}'")
        for name, columns in self.tables.items():
            listed = ", ".join(f'"{column}" {sql_types[kind]}' for column, kind in columns.items())
            self._database.execute(f'CREATE TABLE "{name}" ({listed})')

    def close(self) -> None:
        """Free the store."""
        with self._lock:
            self._database.close()

    def rows(self, sql: str) -> list[tuple[str | None, ...]]:
        """Run DuckDB SQL whose result columns are all text."""
        with self._lock:
            return self._database.execute(sql).fetchall()

    def records(self, table: str, condition: str = "true") -> list[dict[str, Any]]:
        """Records as they are stored, by primary key, columns typed as Python has them."""
        order = ", ".join(f'"{name}"' for name in self._primary_key(table))
        with self._lock:
            found: pa.Table = self._database.sql(
                f'SELECT * FROM "{table}" WHERE {condition} ORDER BY {order}'
            ).to_arrow_table()
        records: list[dict[str, Any]] = found.to_pylist()
        return records

    def result_types(self, sql: str) -> list[tuple[str, str]]:
        """Name and DuckDB type of each result column of a query, without running it."""
        with self._lock:
            described = self._database.execute(f"DESCRIBE {sql}").fetchall()
        return [(str(name), str(kind)) for name, kind, *_ in described]

    def table(self, name: str) -> str | None:
        """The table's own spelling of a name in any case; None if there is no such table."""
        return _own_spelling(name, self.tables)

    def column(self, table: str, name: str) -> str | None:
        """The column's own spelling of a name in any case; None if there is no such column."""
        return _own_spelling(name, self.tables[table])

    def load(self, table: str, rows: Sequence[Row]) -> None:
        """Append rows. A decimal that needs more than ten places is an error, never rounded.

        Raises:
            KeyError: a row names a column the table lacks.
        """
        if not rows:
            return
        columns = self.tables[table]
        self._check_columns(table, {name for row in rows for name in row})
        arrays = [
            pa.array(
                [self._stored(row.get(name)) for row in rows], ARROW_TYPES[self._sql_types[kind]]
            )
            for name, kind in columns.items()
        ]
        with self._lock:
            self._database.register("incoming", pa.table(arrays, names=list(columns)))
            self._database.execute(f'INSERT INTO "{table}" SELECT * FROM incoming')
            self._database.unregister("incoming")

    def insert(self, table: str, key: Key, values: Row, at: datetime | None = None) -> None:
        """Add one record, stamped `at` (the clock's now) unless `values` says otherwise."""
        stamps = self._stamps(table, at or self.clock.now, created=True)
        self.load(table, [{**self._key_columns(table, key), **stamps, **values}])

    def update(
        self,
        table: str,
        key: Key,
        values: Row,
        at: datetime | None = None,
        *,
        stamp: bool = True,
    ) -> None:
        """Change one record, stamped `at` (the clock's now) unless `values` says otherwise.

        Args:
            table: table to change.
            key: the record's primary key, a tuple when it has several columns.
            values: new values by column.
            at: the moment of the change.
            stamp: False for a change that moves no cursor column.

        Raises:
            KeyError: no such record or column.
        """
        stamps = self._stamps(table, at or self.clock.now, created=False) if stamp else {}
        changes = {**stamps, **values}
        self._check_columns(table, changes)
        assignments = ", ".join(f'"{name}" = ?' for name in changes)
        stored = [self._stored(value) for value in changes.values()]
        self._change(f'UPDATE "{table}" SET {assignments}', table, key, stored)

    def remove(self, table: str, key: Key) -> None:
        """Make one row vanish without a trace.

        Raises:
            KeyError: no such record.
        """
        self._change(f'DELETE FROM "{table}"', table, key, [])

    def _change(self, statement: str, table: str, key: Key, values: list[object]) -> None:
        keys = self._key_columns(table, key)
        condition = " AND ".join(f'"{name}" = ?' for name in keys)
        if not self._execute(f"{statement} WHERE {condition}", [*values, *keys.values()]):
            raise KeyError(f"{table} has no record {key!r}")

    def _execute(self, statement: str, values: list[object]) -> int:
        """Run one change; return the number of rows it touched."""
        with self._lock:
            touched = self._database.execute(statement, values).fetchone()
        return int(touched[0]) if touched else 0

    def _check_columns(self, table: str, names: Iterable[str]) -> None:
        if strangers := set(names) - set(self.tables[table]):
            raise KeyError(f"{table} has no column {', '.join(sorted(strangers))}")

    def _key_columns(self, table: str, key: Key) -> dict[str, str | int]:
        parts = key if isinstance(key, tuple) else (key,)
        return dict(zip(self._primary_key(table), parts, strict=True))

    @abstractmethod
    def _primary_key(self, table: str) -> tuple[str, ...]:
        """Columns that identify a row."""

    @abstractmethod
    def _stamps(self, table: str, at: datetime, *, created: bool) -> dict[str, object]:
        """What a change writes by itself: stamps, flags."""

    def _stored(self, value: object) -> object:
        """Neither system keeps an empty text apart from null."""
        return None if value == "" else value


def _own_spelling(name: str, known: Iterable[str]) -> str | None:
    return next((own for own in known if own.lower() == name.lower()), None)
