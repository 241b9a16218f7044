"""The published snapshot as its readers find it: the file, and the row that says how old it is."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.config import Paths, paths
from pipelines.errors import TieoutError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True)
class Publication:
    """The row of `publication_status`.

    Attributes:
        run_id: the run whose numbers these are; its folder under `snapshots` has the same name.
        published_at: when, as text in UTC.
        as_of: the day the books are read at.
        code_version: version of tieout that built it.
        origin: the sources it came from, see `pipelines.origin`.
        reporting_currency: ISO code of the `_rpt` amounts.
        last_attempt_run_id: the newest run, which may have published nothing.
        last_attempt_at: when that was, as text in UTC.
        last_attempt_status: published, held or failed.
        last_attempt_reason: why it published nothing, or None.
    """

    run_id: str
    published_at: str
    as_of: date
    code_version: str
    origin: str
    reporting_currency: str
    last_attempt_run_id: str
    last_attempt_at: str
    last_attempt_status: str
    last_attempt_reason: str | None


def open_published(at: Paths | None = None) -> "DuckDBPyConnection":
    """Open the published snapshot read-only.

    Raises:
        TieoutError: nothing has been published yet.
    """
    import duckdb  # noqa: PLC0415 - a quarter of a second that --help need not pay

    file = (at or paths()).published_file
    if not file.exists():
        raise TieoutError(
            f"Nothing has been published yet: {file} does not exist.",
            fix="Run `tieout run` first.",
            source="tieout",
        )
    return duckdb.connect(file, read_only=True)


def read_publication(connection: "DuckDBPyConnection") -> Publication:
    """Read the one row of `publication_status`."""
    row = connection.execute("""
        select
            run_id,
            strftime(published_at at time zone 'UTC', '%Y-%m-%d %H:%M UTC'),
            as_of,
            code_version,
            origin,
            reporting_currency,
            last_attempt_run_id,
            strftime(last_attempt_at at time zone 'UTC', '%Y-%m-%d %H:%M UTC'),
            last_attempt_status,
            last_attempt_reason
        from publication_status
    """).fetchone()
    if row is None:
        raise TieoutError(
            "The published file does not say which run it holds.",
            fix="Run `tieout run` to publish it again.",
            source="tieout",
            object_name="publication_status",
        )
    return Publication(*row)


def require_tables(connection: "DuckDBPyConnection", *names: str) -> None:
    """Insist that the published snapshot has what closing needs.

    Raises:
        TieoutError: an earlier version of tieout published it.
    """
    found = {name for (name, *_) in connection.execute("show tables").fetchall()}
    for name in names:
        if name not in found:
            raise TieoutError(
                f"The published snapshot has no {name}: an earlier version of tieout wrote it.",
                fix="Run `tieout run` to publish it again.",
                source="tieout",
                object_name=name,
            )


def rows_of(
    connection: "DuckDBPyConnection", query: str, **parameters: object
) -> list[dict[str, Any]]:
    """Run a query; each row by column name."""
    cursor = connection.execute(query, parameters or None)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
