"""The folder of a close: the closed numbers and everything needed to make them again.

    marts/<table>.parquet        every published table, as published
    inputs/<schema>.<table>.parquet   the raw layer those were built from
    project.tar.gz               models, macros, seeds and vars of that day
    manifest.json                hashes, rows, totals, gates, who, when, versions

Written under another name, flushed, made read-only and then renamed: a close is whole or not there.
"""

import gzip
import json
import platform
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipelines import manifest as run_manifest
from pipelines.build import kept_tables
from pipelines.close.files import files_below, flush, remove_unsealed, seal, sha256
from pipelines.close.readiness import CloseGate
from pipelines.close.register import MANIFEST, PARTIAL
from pipelines.config import PROJECT_ROOT, Paths
from pipelines.errors import TieoutError
from pipelines.publication import Publication, rows_of
from pipelines.publish import PUBLISHED_SCHEMAS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MARTS: Final = "marts"
INPUTS: Final = "inputs"
PROJECT: Final = "project.tar.gz"
FORMAT: Final = 1
TOTALS: Final = Path(__file__).parent / "sql" / "totals.sql"
#: What dbt needs of the project; everything below a folder.
PROJECT_FILES: Final = (
    "dbt_project.yml",
    "profiles.yml",
    "selectors.yml",
    "macros",
    "models",
    "seeds",
    "tests/fixtures",
    "tests/generic",
)
TOOLS: Final = ("dbt-core", "dbt-duckdb", "duckdb")
RAW_TABLES: Final = """
    select schema_name, table_name
    from duckdb_tables()
    where
        database_name = 'warehouse'
        and starts_with(schema_name, 'raw_')
        and not starts_with(table_name, '_dlt_')
    order by schema_name, table_name
"""


@dataclass(frozen=True)
class CloseRequest:
    """What is closed, by whom, on which numbers.

    Attributes:
        close_id: sorts by time.
        period: the row of `dim_accounting_period`.
        closed_at: ISO 8601, UTC.
        closed_by: a person.
        reason: why it is closed in spite of blockers, or None.
        gates: the checklist as it stood.
        publication: the published run.
    """

    close_id: str
    period: dict[str, Any]
    closed_at: str
    closed_by: str
    reason: str | None
    gates: tuple[CloseGate, ...]
    publication: Publication


def folder_name(period: dict[str, Any]) -> str:
    """Folder of a period's close: its last day and its key, `2025-12-31.161`."""
    return f"{period['ends_on']}.{period['period_key']}"


def write_snapshot(connection: "DuckDBPyConnection", paths: Paths, request: CloseRequest) -> Path:
    """Write the folder of a close.

    Args:
        connection: the published snapshot.
        paths: the installation's files; the warehouse is only read.
        request: what is closed.

    Returns:
        The sealed folder.

    Raises:
        TieoutError: the folder exists: a close is never overwritten.
    """
    folder = paths.closes / folder_name(request.period)
    if folder.exists():
        raise TieoutError(
            f"{folder} holds a close already; it is never overwritten.",
            fix="Keep closes of other data in another data folder (TIEOUT__DATA_DIR).",
            source="tieout",
        )
    partial = folder.with_name(f".{folder.name}{PARTIAL}")
    remove_unsealed(partial)
    (partial / INPUTS).mkdir(parents=True)
    shutil.copytree(
        paths.snapshots / request.publication.run_id,
        partial / MARTS,
        ignore=shutil.ignore_patterns(run_manifest.FILE),
        copy_function=shutil.copyfile,
    )
    inputs = _copy_inputs(paths, partial / INPUTS)
    _pack_project(partial / PROJECT)
    described = _describe(connection, paths, request, inputs)
    described["files"] = {
        str(file.relative_to(partial)): {"sha256": sha256(file), "bytes": file.stat().st_size}
        for file in files_below(partial)
    }
    (partial / MANIFEST).write_text(
        json.dumps(described, indent=2, default=str) + "\n", encoding="utf-8"
    )
    seal(partial)
    partial.rename(folder)
    flush(paths.closes)
    return folder


def period_totals(connection: "DuckDBPyConnection", period_key: str) -> dict[str, Any]:
    """Lines, tie-out and amounts up to a period's end: plain values, amounts as exact text."""
    query = TOTALS.read_text(encoding="utf-8")
    row = rows_of(connection, query, period_key=period_key)[0]
    return {name: value if isinstance(value, int) else str(value) for name, value in row.items()}


def _copy_inputs(paths: Paths, folder: Path) -> dict[str, int]:
    """Copy the raw layer and what is state and not published; schema.table -> rows."""
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    rows: dict[str, int] = {}
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_escaped(paths.warehouse)}' as warehouse (read_only)")
        raw = [f"{schema}.{table}" for schema, table in connection.execute(RAW_TABLES).fetchall()]
        for name in [*raw, *(name for name in kept_tables(paths) if not _is_published(name))]:
            schema, _, table = name.partition(".")
            file = _escaped(folder / f"{name}.parquet")
            copied = connection.execute(
                f"""copy warehouse.{schema}."{table}" to '{file}'
                (format parquet, compression zstd)"""
            ).fetchone()
            rows[name] = int(copied[0]) if copied else 0
    return rows


def _pack_project(archive: Path) -> None:
    """The dbt project as one archive, the same bytes for the same files."""
    files = sorted(_project_files())
    with (
        archive.open("wb") as opened,
        gzip.GzipFile(filename="", mode="wb", fileobj=opened, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as tar,
    ):
        for file in files:
            tar.add(file, arcname=str(file.relative_to(PROJECT_ROOT)), filter=_anonymous)


def _project_files() -> Iterable[Path]:
    for name in PROJECT_FILES:
        path = PROJECT_ROOT / name
        yield from (path,) if path.is_file() else files_below(path)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without who checked the project out, and when."""
    member.uid = member.gid = member.mtime = 0
    member.uname = member.gname = ""
    member.mode = 0o644
    return member


def _describe(
    connection: "DuckDBPyConnection",
    paths: Paths,
    request: CloseRequest,
    inputs: dict[str, int],
) -> dict[str, Any]:
    publication, period = request.publication, request.period
    return {
        "format": FORMAT,
        "close_id": request.close_id,
        "period": {
            name: period[name]
            for name in ("period_key", "period_no", "period_name", "period_status",
                         "starts_on", "ends_on")
        },
        "closed_at": request.closed_at,
        "closed_by": request.closed_by,
        "reason": request.reason,
        "blockers_overridden": sum(len(gate.blockers) for gate in request.gates),
        "origin": publication.origin,
        "run_id": publication.run_id,
        "as_of": publication.as_of,
        "reporting_currency": publication.reporting_currency,
        "code_version": publication.code_version,
        "tools": {"python": platform.python_version()} | {tool: version(tool) for tool in TOOLS},
        "totals": period_totals(connection, period["period_key"]),
        "gates": [
            {
                "gate_code": gate.code,
                "title": gate.title,
                "passed": gate.passed,
                "blockers": [vars(blocker) for blocker in gate.blockers],
            }
            for gate in request.gates
        ],
        "input_rows": inputs,
        # Published tables that are state: a replay starts with them as they stood.
        "kept": [name for name in kept_tables(paths) if _is_published(name)],
        # Rows, load ids, control totals, code version and configuration hash of the run.
        "published": run_manifest.read_manifest(paths, publication.run_id),
    }  # fmt: skip


def _is_published(table: str) -> bool:
    return table.partition(".")[0] in PUBLISHED_SCHEMAS


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
