"""Drives one load: settings, connections, then per source extract, quarantine, normalize, load.

The warehouse holds all state. dlt keeps its cursors in the same file as the rows and only counts
a load that completed; its working folder is scratch and emptied first. A load that dies anywhere
is therefore repaired by the next one, and a deleted warehouse is filled anew.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import dlt
import duckdb
from dlt.common.exceptions import DltException
from dlt.extract import DltSource
from dlt.pipeline import trace
from dlt.pipeline.exceptions import PipelineStepFailed

from pipelines.config import Paths, paths
from pipelines.errors import SourceError, TieoutError
from pipelines.load import audit
from pipelines.load.comparison import mark_deleted
from pipelines.load.connectors import Connected, prepare
from pipelines.load.fresh import clear, drop_doubles, fresh_tables
from pipelines.load.monitor import Monitor, Tally
from pipelines.load.notices import Notices
from pipelines.load.report import LoadProgress, LoadReport, ObjectReport
from pipelines.load.resource import RawTable, build_resource
from pipelines.stages import Stopwatch

logger = logging.getLogger(__name__)

# Replace happens in one transaction per table, from a staging copy: readers and failures never
# meet an emptied table.
REPLACE_STRATEGY: Final = "insert-from-staging"
# DuckDB's share of the load's memory; what does not fit goes to disk beside the warehouse. The rest
# of the process (Python, dlt, Arrow batches under way) takes about as much again.
WAREHOUSE_MEMORY: Final = "400MB"

UNSETTLED: Final = (
    "its element, plans and planned revenue disagree after three readings: NetSuite is refreshing "
    "the arrangement, or waits for Update Revenue Plans"
)

# Telemetry is off in config.toml; its tracker would still write an id below the home folder.
trace.TRACKING_MODULES.clear()


def run_load(
    run_id: str,
    *,
    full: bool,
    only: Sequence[str] | None,
    progress: Callable[[LoadProgress], None],
    since: datetime | None = None,
) -> LoadReport:
    """Load both sources; see `pipelines.load.load`."""
    began = time.monotonic()
    place = paths()
    place.data.mkdir(parents=True, exist_ok=True)
    connectors = Stopwatch()
    with connectors.in_tool():
        connections = prepare(only)
    with readable_errors():
        audit.create_tables(place.warehouse)
    # Both sources answer and are checked before either is loaded.
    with connectors.in_tool():
        sources = [connect() for connect in connections]
    objects: list[ObjectReport] = []
    load_ids: dict[str, str] = {}
    notices: list[str] = []
    library = Stopwatch()
    with readable_errors(), _open_warehouse(place, library):
        for source in sources:
            found = Notices(source.source)
            load_ids[source.source], reports = _load_source(
                source, place, run_id, full, progress, library, since, found
            )
            objects += reports
            with connectors.in_tool():
                _look_again(source, place, load_ids[source.source], found, full=full)
            notices += found.lines
    return LoadReport(
        run_id,
        full,
        tuple(objects),
        time.monotonic() - began,
        load_ids,
        library.tool_seconds,
        connectors.tool_seconds + sum(item.seconds for item in objects),
        tuple(notices),
    )


@contextmanager
def _open_warehouse(place: Paths, library: Stopwatch) -> Iterator[None]:
    """Hold the file open, with bounded memory, while dlt opens and closes it for every table.

    Otherwise DuckDB would read and checkpoint it each time (a third of the load). Settings made
    here hold for every connection to the file.
    """
    with library.in_tool():
        connection = duckdb.connect(str(place.warehouse))
    try:
        connection.execute(f"set memory_limit = '{WAREHOUSE_MEMORY}'")
        # Rows have no order in the raw layer; keeping the files' order would hold them in memory.
        connection.execute("set preserve_insertion_order = false")
        yield
    finally:
        with library.in_tool():
            connection.close()


def _load_source(  # noqa: PLR0913, PLR0917 - what a load is made of
    source: Connected,
    place: Paths,
    run_id: str,
    full: bool,
    progress: Callable[[LoadProgress], None],
    library: Stopwatch,
    since: datetime | None,
    notices: Notices,
) -> tuple[str, list[ObjectReport]]:
    started = datetime.now(UTC)
    monitor = Monitor(source.source, progress)
    for table in source.tables:
        if table.skipped:
            logger.info("%s %s is skipped: %s", source.source, table.name, table.skipped)
            monitor.tell(table.name, "skipped")
    notices.of_tables(source.tables, place.warehouse, full=full)
    with library.in_tool():
        pipeline = _pipeline(source.source, place)
    fresh = fresh_tables(place.warehouse, source.tables)
    resources = _dlt_source(source, monitor, full=full, fresh=fresh, since=since)
    extracted = pipeline.extract(resources, workers=source.workers)
    load_id = extracted.loads_ids[-1]
    audit.append_quarantine(place.warehouse, _quarantine_rows(source, load_id, monitor))
    _refuse_emptying(source, place, full, monitor)
    with library.in_tool():
        counts = pipeline.normalize().row_counts
    for table in source.tables:
        _refuse_loss(source, table, counts.get(table.table_name, 0), monitor)
    read = tuple(table for table in source.tables if not table.skipped)
    with library.in_tool():
        clear(place.warehouse, tuple(table for table in read if table.name in fresh))
        pipeline.load()
        drop_doubles(place.warehouse, tuple(t for t in read if full or t.name in fresh))
    reports = [_report(source, table, monitor) for table in source.tables]
    finished = datetime.now(UTC)
    audit.append_loads(
        place.warehouse,
        [
            audit.LoadRow(
                load_id,
                run_id,
                source.source,
                report.object_name,
                report.table_name,
                started,
                finished,
                report.rows_loaded,
                report.rows_quarantined,
                source.clock,
                source.web_url,
            )
            for report in reports
            if not report.skipped
        ],
    )
    return load_id, reports


def _look_again(
    source: Connected, place: Paths, load_id: str, notices: Notices, *, full: bool
) -> None:
    """Once the rows have landed: find what is gone, settle what was read in mid-change."""
    mark_deleted(source, place.warehouse, load_id, full=full)
    for record in source.settle(place.warehouse, load_id) if source.settle else ():
        notices.add("revenueelement", record, UNSETTLED)
    notices.record(place.warehouse, load_id)


def _refuse_emptying(source: Connected, place: Paths, full: bool, monitor: Monitor) -> None:
    """Stop before a table that is replaced would lose all its rows.

    NetSuite answers a role that may no longer see the records with no rows and no error.
    """
    for table in source.tables:
        replaced = not table.skipped and (full or table.cursor is None)
        if not replaced or monitor.tallies[table.name].rows:
            continue
        if held := audit.row_count(place.warehouse, f"raw_{source.source}", table.table_name):
            raise SourceError(
                f"No good row was read, but {held} are in the warehouse; they stay there.",
                source=source.source,
                object_name=table.name,
                fix="Check that the integration user or role still sees the records. If they are "
                f'truly gone, run: drop table raw_{source.source}."{table.table_name}".',
            )


def _pipeline(source: str, place: Paths) -> dlt.Pipeline:
    # Each raw row names its load: the raw layer promises it, whatever config.toml says.
    dlt.config["normalize.parquet_normalizer.add_dlt_load_id"] = True
    pipeline = dlt.pipeline(
        pipeline_name=f"tieout_{source}",
        pipelines_dir=str(place.data / ".dlt_pipelines"),
        destination=dlt.destinations.duckdb(
            str(place.warehouse), replace_strategy=REPLACE_STRATEGY
        ),
        dataset_name=f"raw_{source}",
    ).drop()
    pipeline.sync_destination()
    return pipeline


def _dlt_source(
    source: Connected,
    monitor: Monitor,
    *,
    full: bool,
    fresh: Collection[str],
    since: datetime | None,
) -> DltSource:
    resources = [
        build_resource(
            table, monitor, source.lag, full=full, fresh=table.name in fresh, since=since
        )
        for table in source.tables
    ]
    made: DltSource = dlt.source(lambda: resources, name=source.source)()
    return made


def _quarantine_rows(
    source: Connected, load_id: str, monitor: Monitor
) -> list[audit.QuarantineRow]:
    now = datetime.now(UTC)
    return [
        audit.QuarantineRow(
            load_id,
            source.source,
            name,
            reject.record_id,
            reject.field_name,
            reject.raw_value,
            reject.reason_code,
            reject.reason,
            now,
        )
        for name, tally in monitor.tallies.items()
        for reject in tally.rejects
    ]


def _refuse_loss(source: Connected, table: RawTable, handed_on: int, monitor: Monitor) -> None:
    """Stop before the cursor moves on if rows went missing between reading and loading."""
    tally = monitor.tallies.get(table.name, Tally())
    if handed_on != tally.rows:
        raise TieoutError(
            f"{tally.rows} good rows were read but {handed_on} would reach {table.table_name}.",
            source=source.source,
            object_name=table.name,
            fix="Run again; please report this, it is a defect of tieout.",
        )


def _report(source: Connected, table: RawTable, monitor: Monitor) -> ObjectReport:
    tally = monitor.tallies.get(table.name, Tally())
    if not table.skipped:
        monitor.tell(table.name, "loaded")
    return ObjectReport(
        source=source.source,
        object_name=table.name,
        table_name=f"raw_{source.source}.{table.table_name}",
        rows_loaded=tally.rows,
        rows_quarantined=tally.rejected_rows,
        seconds=tally.seconds,
        skipped=table.skipped,
    )


@contextmanager
def readable_errors() -> Iterator[None]:
    """Bring up the error that a person can act on from under dlt's own."""
    try:
        yield
    except (PipelineStepFailed, DltException, duckdb.Error) as error:
        causes = list(_causes(error))
        for cause in causes:
            if isinstance(cause, TieoutError):
                raise cause from error
        root = causes[-1]
        fix = "Run again; every load is safe to repeat. If it persists, report it with this text."
        if isinstance(root, duckdb.IOException) and "lock" in str(root):
            fix = "Close the program that has the warehouse open; read the published file instead."
        raise TieoutError(
            f"The load failed: {type(root).__name__}: {root}", source="dlt", fix=fix
        ) from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
