"""One DuckDB session with a close's tables in schema `closed`, beside something to compare with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.close.register import Close
from pipelines.close.snapshot import MARTS
from pipelines.config import Paths

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SQL = Path(__file__).parent / "sql"


@contextmanager
def session(paths: Paths, close: Close) -> Iterator["DuckDBPyConnection"]:
    """Open an empty database in memory with the close's tables as views of schema `closed`."""
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    with duckdb.connect() as connection:
        connection.execute("create schema closed")
        for file in sorted((paths.closes / close.folder / MARTS).glob("*.parquet")):
            connection.execute(
                f'create view closed."{file.stem}" as from read_parquet({quoted(file)})'
            )
        yield connection


def attach(
    connection: "DuckDBPyConnection", database: Path, name: str, schemas: Sequence[str] = ("main",)
) -> None:
    """Attach a database read-only and show tables of it as views of one schema.

    Args:
        connection: the session.
        database: the file.
        name: of the schema; the database is attached as `<name>_file`.
        schemas: of the database whose tables are shown.
    """
    connection.execute(f"attach {quoted(database)} as {name}_file (read_only)")
    connection.execute(f"create schema {name}")
    found = connection.execute(
        """
        select schema_name, table_name from duckdb_tables()
        where database_name = $database and list_contains($schemas, schema_name)
        """,
        {"database": f"{name}_file", "schemas": list(schemas)},
    ).fetchall()
    for schema, table in found:
        connection.execute(f'create view {name}."{table}" as from {name}_file.{schema}."{table}"')


def script(name: str) -> str:
    """A file of `sql/`."""
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows for JSON: whatever JSON has no type for as text, amounts exactly."""
    return [
        {
            name: value if isinstance(value, int | str | bool | None) else str(value)
            for name, value in row.items()
        }
        for row in rows
    ]


def quoted(text: object) -> str:
    """A SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"
