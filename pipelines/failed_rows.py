"""What a failed data test found: the sentence it opens with and its first rows."""

from typing import TYPE_CHECKING, Final

from pipelines.config import Paths

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROWS_SHOWN: Final = 3


def describe(paths: Paths, queries: dict[str, str]) -> dict[str, str]:
    """Say of each failed test what it means and which rows it found.

    Args:
        paths: the installation's files; the warehouse is opened read-only.
        queries: name of the test -> its compiled SQL.

    Returns:
        Name of the test -> one line; tests whose rows cannot be read again are left out.
    """
    import duckdb  # noqa: PLC0415 - only a held run needs it

    if not queries:
        return {}
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        return {
            name: line
            for name, query in queries.items()
            if (line := _line(connection, query)) is not None
        }


def opening_comment(query: str) -> str:
    """The comment a singular test opens with: what fails, and the fix where it has one."""
    lines = []
    for line in query.strip().splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return " ".join(lines)


def _line(connection: "DuckDBPyConnection", query: str) -> str | None:
    import duckdb  # noqa: PLC0415

    try:
        cursor = connection.execute(f"select * from (\n{query}\n) as failed limit {ROWS_SHOWN}")
    except duckdb.Error:
        return None
    names = [column[0] for column in cursor.description or ()]
    rows = [
        ", ".join(
            f"{name} {value}" for name, value in zip(names, row, strict=True) if value is not None
        )
        for row in cursor.fetchall()
    ]
    return " ".join([opening_comment(query), f"For example: {'; '.join(rows)}."]).strip()
