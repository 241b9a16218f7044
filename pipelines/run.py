"""A whole run: load, build, check, publish, report. Each stage can be run alone.

The heavy libraries start once each: dlt here, dbt and Great Expectations in processes of their
own, the checker early so that it imports while dbt builds.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from rich.console import Console

from pipelines import manifest, policy, publish, report
from pipelines.build import BuildReport, build
from pipelines.config import Paths
from pipelines.console import Update, show_stage, working
from pipelines.demo import demo_servers, environment
from pipelines.errors import GateHeldError, TieoutError
from pipelines.lock import run_lock
from pipelines.origin import Demo, Origin, prepare_warehouse, read_origin
from pipelines.publication import open_published, read_publication
from pipelines.quality import Checker, CheckRequest, CheckResult, checker
from pipelines.stages import Outcome, RunSummary, Stage, Stopwatch, new_run_id

if TYPE_CHECKING:
    from pipelines.load import LoadProgress, LoadReport

RESULT_FILE: Final = "check_results.json"
REASONS_SHOWN: Final = 8


@dataclass
class Run:
    """One run and what it has done so far."""

    paths: Paths
    origin: Origin
    console: Console
    summary: RunSummary = field(init=False)

    def __post_init__(self) -> None:
        self.summary = RunSummary(new_run_id(), str(self.origin))

    @contextmanager
    def stage(self, name: str, tools: str) -> Iterator["StageInProgress"]:
        """Time a stage, show that it works and note what it did.

        Args:
            name: of the stage.
            tools: the libraries and processes it uses.
        """
        progress = StageInProgress()
        with working(self.console, name) as progress.update:
            yield progress
        seconds = progress.watch.seconds
        self.summary.stages.append(
            Stage(name, seconds, tools, progress.watch.tool_seconds, progress.did)
        )
        show_stage(self.console, name, seconds, progress.did)


class StageInProgress:
    """What the code of a stage reports to: its watch, its status line, its result."""

    def __init__(self) -> None:
        self.watch = Stopwatch()
        self.update: Update = lambda _text: None
        self.did = ""


def execute(run: Run, *, full: bool = False) -> None:
    """Run every stage; publish if all gates pass.

    The run's summary says how it ended, also when this raises.

    Args:
        run: the run to execute, just made.
        full: load and build everything again.

    Raises:
        TieoutError: a stage failed; readers of the last snapshot are told.
    """
    with run_lock(run.paths):
        try:
            _stages(run, full=full)
        except GateHeldError as held:
            _hold(run, [held.message])
        except Exception as error:
            if run.summary.outcome is not Outcome.PUBLISHED:
                message = error.message if isinstance(error, TieoutError) else repr(error)
                _stop(run, Outcome.FAILED, [message])
            raise


def _stages(run: Run, *, full: bool) -> None:
    load_stage(run, full=full)
    with checker(run.paths) as checking:
        built = build_stage(run, full=full)
        if not built.passed:
            _hold(run, [str(test) for test in built.failed_tests])
            return
        checks = check_stage(run, checking)
    failed = [str(check) for check in checks if not check.passed]
    if failed:
        _hold(run, failed)
        return
    publish_stage(run)
    with run.stage("report", "duckdb") as stage:
        with stage.watch.in_tool():
            run.summary.figures = report.read_figures(run.paths)
        stage.did = f"tie-out rate {run.summary.figures['tie_out_rate']}"


def load_stage(
    run: Run,
    *,
    full: bool = False,
    only: Sequence[str] | None = None,
    since: datetime | None = None,
) -> "LoadReport":
    """Load both sources; the embedded company is served for the length of the stage."""
    from pipelines.load import load  # noqa: PLC0415 - keeps --help light

    if note := prepare_warehouse(run.paths, run.origin):
        run.console.print(f"  {note}")
    tools = "dlt, demo servers" if isinstance(run.origin, Demo) else "dlt, source systems"
    with run.stage("load", tools) as stage, ExitStack() as stack:

        def show(step: "LoadProgress") -> None:
            stage.update(f"{step.source} {step.object_name}: {step.stage}, {step.rows:,} rows")

        if isinstance(run.origin, Demo):
            stage.update("starting the embedded company")
            servers = stack.enter_context(demo_servers(run.origin, run.paths))
            with stage.watch.in_tool():
                _import_dlt()
                stack.enter_context(environment(servers.settings()))
        result = load(run.summary.run_id, full=full, only=only, since=since, progress=show)
        # Reading counts as ours: waiting for the sources and dlt's extract step are in it.
        stage.watch.tool_seconds += result.library_seconds
        run.summary.warnings += [*_skips(result), *result.notices]
        quarantined = f", {result.rows_quarantined:,} set aside" if result.rows_quarantined else ""
        stage.did = f"{result.rows_loaded:,} rows of {len(result.objects)} objects{quarantined}"
    return result


def _skips(result: "LoadReport") -> Iterator[str]:
    """One line per source with the optional objects that it does not have."""
    for source in dict.fromkeys(item.source for item in result.skipped):
        names = [item.object_name for item in result.skipped if item.source == source]
        yield (
            f"{source} has no {', '.join(names)}, or hides them: skipped "
            "(`tieout sources check` says why)."
        )


def build_stage(run: Run, *, full: bool = False) -> BuildReport:
    """Run dbt once over seeds, models and tests."""
    with run.stage("build", "dbt, duckdb") as stage:
        with stage.watch.in_tool():
            result = build(run.paths, stage.update, full=full)
        run.summary.warnings += [str(node) for node in result.warnings]
        failed = f", {len(result.failed_tests)} tests failed" if result.failed_tests else ""
        stage.did = f"{result.nodes} seeds, models and tests{failed}"
    return result


def check_stage(run: Run, checking: Checker) -> list[CheckResult]:
    """Ask Great Expectations to judge the marts."""
    with run.stage("check", "great expectations, duckdb") as stage:
        with stage.watch.in_tool():
            results = checking.check(_request(run))
        failed = sum(not result.passed for result in results)
        stage.did = f"{len(results)} expectations" + (f", {failed} failed" if failed else "")
    return results


def publish_stage(run: Run) -> None:
    """Publish the warehouse's core and marts by one rename."""
    with run.stage("publish", "duckdb") as stage:
        with stage.watch.in_tool():
            published = publish.publish(run.paths, run.summary.run_id, str(run.origin))
        stage.did = f"{len(published['rows'])} tables, {sum(published['rows'].values()):,} rows"
        run.summary.outcome = Outcome.PUBLISHED
        run.summary.published_file = str(run.paths.published_file)
        run.summary.snapshot = str(run.paths.snapshots / run.summary.run_id)


def held_origin(paths: Paths) -> Origin:
    """What the warehouse holds, for a stage run alone.

    Raises:
        TieoutError: nothing has been loaded yet.
    """
    origin = read_origin(paths)
    if origin is None:
        raise TieoutError(
            f"There is no warehouse yet: {paths.warehouse} does not exist.",
            fix="Run `tieout load` or `tieout run` first.",
            source="tieout",
        )
    return origin


def _hold(run: Run, reasons: list[str]) -> None:
    _stop(run, Outcome.HELD, reasons)


def _stop(run: Run, outcome: Outcome, reasons: list[str]) -> None:
    """Publish nothing; tell the readers of the last snapshot why."""
    run.summary.outcome = outcome
    run.summary.reasons = reasons
    shown = "; ".join(reasons[:REASONS_SHOWN])
    publish.note_attempt(run.paths, run.summary.run_id, outcome.value, shown)


def _request(run: Run) -> CheckRequest:
    return CheckRequest(
        run_id=run.summary.run_id,
        warehouse=str(run.paths.warehouse),
        result_file=str(run.paths.data / RESULT_FILE),
        previous_rows=_previous_rows(run),
        minimum_rows_kept_percent=policy.minimum_rows_kept_percent(),
        unexplained_tolerance=str(policy.unexplained_tolerance()),
        maximum_held_percent=policy.maximum_held_percent(),
    )


def _previous_rows(run: Run) -> dict[str, int]:
    """Rows by table of the last snapshot, if it came from the same origin."""
    if not run.paths.published_file.exists():
        return {}
    with open_published(run.paths) as connection:
        publication = read_publication(connection)
    last = manifest.read_manifest(run.paths, publication.run_id)
    if last is None or publication.origin != str(run.origin):
        return {}
    return dict(last["rows"])


def _import_dlt() -> None:
    """Import what loading needs while the servers are still starting, on the other core."""
    import pipelines.load.stage  # noqa: F401, PLC0415
