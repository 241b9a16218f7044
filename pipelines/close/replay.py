"""`tieout replay`: build the numbers of a close again from its inputs, and compare every row.

The raw layer of that day goes into a warehouse of its own, with the histories as they stood; dbt
builds it with the models, seeds and vars of that day and its as-of date. With today's project
instead, the comparison says what a change of the models does to a closed period.
"""

import json
import platform
import tarfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from pipelines.build import run_dbt
from pipelines.close import register
from pipelines.close.compared import attach, quoted, session
from pipelines.close.register import Close
from pipelines.close.snapshot import INPUTS, MARTS, PROJECT, TOOLS
from pipelines.close.verify import verify_folder
from pipelines.config import PROJECT_ROOT, Paths
from pipelines.console import Update
from pipelines.errors import TieoutError
from pipelines.periods import find_period
from pipelines.publication import open_published, read_publication
from pipelines.publish import PUBLISHED_SCHEMAS, STATUS_TABLE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BUILD: Final = ("build", "--resource-type", "seed", "--resource-type", "model")


@dataclass(frozen=True)
class TableComparison:
    """One published table, closed and replayed, row by row over the columns both have.

    Attributes:
        missing: rows of the close that the replay does not have.
        unexpected: rows of the replay that the close does not have.
    """

    table: str
    rows: int
    missing: int
    unexpected: int

    @property
    def equal(self) -> bool:
        """Whether both have the same rows."""
        return not self.missing and not self.unexpected


@dataclass(frozen=True)
class Replay:
    """What a replay gave.

    Attributes:
        close: the close.
        todays_project: built with the models of today and not with those of the close.
        notes: what is not as it was on that day, such as the version of a tool.
        tables: every published table.
    """

    close: Close
    todays_project: bool
    notes: tuple[str, ...]
    tables: tuple[TableComparison, ...]

    @property
    def equal(self) -> bool:
        """Whether every row of every table came out the same."""
        return all(table.equal for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "close": self.close.entry,
            "todays_project": self.todays_project,
            "equal": self.equal,
            "notes": list(self.notes),
            "tables": [vars(table) for table in self.tables],
        }


def replay_close(
    paths: Paths, name: str, update: Update, *, todays_project: bool = False
) -> Replay:
    """Build a close again and compare.

    Args:
        paths: the installation's files; the warehouse is not touched.
        name: the period.
        update: is told how far dbt is.
        todays_project: use the models, seeds and vars of today.

    Raises:
        TieoutError: there is no such period, it was not closed, its close was changed, or the
            models could not be built.
    """
    with open_published(paths) as connection:
        origin = read_publication(connection).origin
        close = register.require_close(paths, origin, find_period(connection, name))
    _require_untouched(paths, close)
    described = register.read_manifest(paths, close)
    with TemporaryDirectory(dir=paths.data, prefix=".replay-") as folder:
        scratch = Paths(Path(folder) / "data")
        scratch.data.mkdir()
        _restore(paths.closes / close.folder, described["kept"], scratch)
        project = PROJECT_ROOT if todays_project else _unpack(paths, close, Path(folder))
        variables = json.dumps({"as_of_date": described["as_of"]})
        run_dbt(scratch, [*BUILD, "--vars", variables], update, project)
        with session(paths, close) as connection:
            attach(connection, scratch.warehouse, "replayed", PUBLISHED_SCHEMAS)
            tables = tuple(_compare(connection))
    return Replay(close, todays_project, tuple(_notes(described)), tables)


def _require_untouched(paths: Paths, close: Close) -> None:
    problems = verify_folder(paths, close).problems
    if problems:
        raise TieoutError(
            f"The close was changed after it was made: {problems[0]}.",
            fix=f"Restore {paths.closes / close.folder} from a backup.",
            source="tieout",
            record=close.close_id,
        )


def _restore(folder: Path, kept: list[str], scratch: Paths) -> None:
    """The raw layer, and the published tables that are state, into a new warehouse."""
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    files = {file.stem: file for file in sorted((folder / INPUTS).iterdir())}
    files |= {name: folder / MARTS / f"{name.partition('.')[2]}.parquet" for name in kept}
    with duckdb.connect(scratch.warehouse) as connection:
        for name, file in files.items():
            schema, _, table = name.partition(".")
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(
                f'create table {schema}."{table}" as from read_parquet({quoted(file)})'
            )


def _unpack(paths: Paths, close: Close, folder: Path) -> Path:
    project = folder / "project"
    with tarfile.open(paths.closes / close.folder / PROJECT) as tar:
        # Python before 3.11.4 has no filters; the documentation's way to ask for one where it is.
        tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        tar.extractall(project)  # noqa: S202 - written by a close, its hash was checked
    return project


def _compare(connection: "DuckDBPyConnection") -> list[TableComparison]:
    tables = connection.execute(
        """
        select view_name
        from duckdb_views()
        where schema_name = 'closed' and view_name != $status_table
        order by view_name
        """,
        {"status_table": STATUS_TABLE},
    ).fetchall()
    return [_compare_table(connection, table) for (table,) in tables]


def _compare_table(connection: "DuckDBPyConnection", table: str) -> TableComparison:
    counted = connection.execute(f'select count(*) from closed."{table}"').fetchone()
    rows = int(counted[0]) if counted else 0
    columns = connection.execute(
        """
        select string_agg(format('"{}"', closed.column_name), ', ')
        from duckdb_columns() as closed
        inner join duckdb_columns() as replayed
            on
            closed.table_name = replayed.table_name
            and closed.column_name = replayed.column_name
            and replayed.schema_name = 'replayed'
        where closed.schema_name = 'closed' and closed.table_name = $table
        """,
        {"table": table},
    ).fetchone()
    if columns is None or columns[0] is None:
        return TableComparison(table, rows, missing=rows, unexpected=0)
    missing, unexpected = (
        _rows_only_in(connection, table, columns[0], *sides)
        for sides in (("closed", "replayed"), ("replayed", "closed"))
    )
    return TableComparison(table, rows, missing, unexpected)


def _rows_only_in(
    connection: "DuckDBPyConnection", table: str, columns: str, one: str, other: str
) -> int:
    found = connection.execute(
        f"""
        select count(*)
        from (
            select {columns} from {one}."{table}"
            except all
            select {columns} from {other}."{table}"
        ) as differing
        """
    ).fetchone()
    return int(found[0]) if found else 0


def _notes(described: dict[str, Any]) -> list[str]:
    now = {"python": platform.python_version()} | {tool: version(tool) for tool in TOOLS}
    return [
        f"{tool} is {now[tool]}, it was {then}"
        for tool, then in described["tools"].items()
        if now.get(tool) != then
    ]
