import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from small_warehouse import change_warehouse, make_warehouse

from pipelines import run as run_module
from pipelines.build import BuildReport, NodeResult, follow, read_results
from pipelines.config import Paths
from pipelines.errors import ConfigurationError, SourceError, TieoutError
from pipelines.gates import Gate, record_gate
from pipelines.lock import run_lock
from pipelines.origin import Configured, Demo, prepare_warehouse, read_origin
from pipelines.publication import Publication, open_published, read_publication
from pipelines.quality import CheckRequest, CheckResult
from pipelines.run import Run, execute
from pipelines.stages import Outcome

PASSED = BuildReport(nodes=3, failed_tests=(), warnings=(), node_seconds=1.0)


class Tools:
    """Stands in for dlt, dbt and Great Expectations: what they answer, and what was asked."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths
        self.load_error: Exception | None = None
        self.built = PASSED
        self.checks = [CheckResult("booked_rows", True, "Fine.", 3)]
        self.asked: list[CheckRequest] = []
        self.called: list[str] = []

    def load_stage(self, run: Run, *, full: bool = False) -> None:
        self.called.append("load")
        if self.load_error:
            raise self.load_error
        with run.stage("load", "dlt") as stage:
            stage.did = "full" if full else "changes"

    def build(self, paths: Paths, update: Any, *, full: bool = False) -> BuildReport:
        self.called.append("build")
        record_gate(paths, Gate.BUILD, passed=self.built.passed)
        return self.built

    @contextmanager
    def checker(self, _paths: Paths) -> Iterator["Tools"]:
        yield self

    def check(self, request: CheckRequest) -> list[CheckResult]:
        self.called.append("check")
        self.asked.append(request)
        record_gate(self.paths, Gate.CHECK, passed=all(check.passed for check in self.checks))
        return self.checks


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    made = Tools(make_warehouse(tmp_path))
    monkeypatch.setattr(run_module, "load_stage", made.load_stage)
    monkeypatch.setattr(run_module, "build", made.build)
    monkeypatch.setattr(run_module, "checker", made.checker)
    return made


def new_run(tools: Tools, origin: Demo | Configured | None = None) -> Run:
    return Run(tools.paths, origin or Configured(), Console(file=io.StringIO(), width=100))


def publication(paths: Paths) -> Publication:
    with open_published(paths) as connection:
        return read_publication(connection)


def test_a_run_that_passes_everything_publishes(tools: Tools) -> None:
    run = new_run(tools)
    execute(run)

    assert run.summary.outcome is Outcome.PUBLISHED
    assert [stage.name for stage in run.summary.stages] == [
        "load",
        "build",
        "check",
        "publish",
        "report",
    ]
    summary = run.summary.as_json()
    assert json.loads(json.dumps(summary))["exit_code"] == 0
    assert summary["figures"]["difference"] == "1414.990"
    assert summary["stages"][0]["own_seconds"] >= 0
    assert publication(tools.paths).run_id == run.summary.run_id


def test_failed_data_tests_hold_the_publication_and_readers_learn_why(tools: Tools) -> None:
    first = new_run(tools)
    execute(first)
    tools.called.clear()
    tools.built = BuildReport(3, (NodeResult("reasons_sum", "test", "Got 4 results", 4),), (), 1.0)

    second = new_run(tools)
    execute(second)

    assert second.summary.outcome is Outcome.HELD
    assert second.summary.outcome.exit_code == 2
    assert second.summary.reasons == ["reasons_sum: 4 failing"]
    assert tools.called == ["load", "build"]
    found = publication(tools.paths)
    assert found.run_id == first.summary.run_id
    assert found.last_attempt_run_id == second.summary.run_id
    assert (found.last_attempt_status, found.last_attempt_reason) == (
        "held",
        "reasons_sum: 4 failing",
    )


def test_a_failed_expectation_holds_the_publication(tools: Tools) -> None:
    tools.checks = [CheckResult("booked_rows", False, "The side of Sales is empty.", 0)]

    run = new_run(tools)
    execute(run)

    assert run.summary.outcome is Outcome.HELD
    assert run.summary.reasons == ["The side of Sales is empty."]
    assert not tools.paths.published_file.exists()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SourceError("NetSuite is unreachable.", fix="Wait."), "NetSuite is unreachable."),
        (RuntimeError("bug"), "RuntimeError('bug')"),
    ],
)
def test_a_failure_is_raised_told_to_readers_and_leaves_no_lock(
    tools: Tools, error: Exception, reason: str
) -> None:
    execute(new_run(tools))
    tools.load_error = error

    run = new_run(tools)
    with pytest.raises(type(error)):
        execute(run)

    assert run.summary.outcome is Outcome.FAILED
    assert publication(tools.paths).last_attempt_reason == reason
    assert not (tools.paths.data / "run.lock").exists()


def test_row_counts_are_compared_with_the_last_snapshot_of_the_same_origin_only(
    tools: Tools,
) -> None:
    execute(new_run(tools))
    execute(new_run(tools))
    execute(new_run(tools, Demo(10, 1)))

    first, same, other = tools.asked
    assert first.previous_rows == {}
    assert same.previous_rows["fct_reconciliation"] == 6
    assert other.previous_rows == {}


def test_a_second_run_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    (tmp_path / "run.lock").write_text(str(os.getppid()))

    with pytest.raises(TieoutError, match="Another run"), run_lock(paths):
        pytest.fail("the lock was given twice")
    assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]


def test_the_lock_of_a_dead_run_is_taken_over(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait()
    (tmp_path / "run.lock").write_text(str(process.pid))

    with run_lock(Paths(tmp_path)):
        assert (tmp_path / "run.lock").read_text() == str(os.getpid())
    assert not list(tmp_path.iterdir())


def test_the_demo_continues_on_its_own_warehouse(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    assert prepare_warehouse(paths, Demo(300, 42)) is None
    paths.warehouse.write_text("rows")

    assert prepare_warehouse(paths, Demo(300, 42)) is None
    assert paths.warehouse.exists()


@pytest.mark.parametrize("wanted", [Demo(301, 42), Demo(300, 43), Configured()])
def test_another_origin_starts_from_an_empty_warehouse_and_says_so(
    tmp_path: Path, wanted: Demo | Configured
) -> None:
    paths = Paths(tmp_path)
    prepare_warehouse(paths, Demo(300, 42))
    paths.warehouse.write_text("rows")

    said = prepare_warehouse(paths, wanted)

    assert said is not None
    assert "empty warehouse" in said
    assert not paths.warehouse.exists()
    paths.warehouse.write_text("rows")
    assert read_origin(paths) == wanted


def test_the_demo_never_replaces_configured_sources(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    prepare_warehouse(paths, Configured())
    paths.warehouse.write_text("rows")

    with pytest.raises(ConfigurationError, match="configured sources"):
        prepare_warehouse(paths, Demo())
    assert paths.warehouse.read_text() == "rows"


def dbt_result(unique_id: str, status: str, **more: Any) -> dict[str, Any]:
    return {"unique_id": unique_id, "status": status, "execution_time": 0.5, **more}


def test_failing_data_tests_are_counted_and_named() -> None:
    report = read_results(
        {
            "results": [
                dbt_result("model.tieout.dim_customer", "success"),
                dbt_result("test.tieout.unique_customer.ab12", "fail", failures=1234),
                dbt_result("test.tieout.late_orders.cd34", "warn", failures=2),
                dbt_result("model.tieout.fct_bookings", "skipped"),
            ]
        }
    )

    assert report.nodes == 4
    assert not report.passed
    assert [str(test) for test in report.failed_tests] == ["unique_customer: 1,234 failing"]
    assert [str(test) for test in report.warnings] == ["late_orders: 2 failing"]


@pytest.mark.parametrize(
    "broken",
    [
        dbt_result("model.tieout.fct_bookings", "error", message="Binder Error:\n  no column x"),
        dbt_result("seed.tieout.reasons", "error", message="bad csv"),
        dbt_result("test.tieout.a_test.ab12", "error", message="Catalog Error"),
        # A rule that does not keep its own example is a defect of the models, not of the data.
        dbt_result("unit_test.tieout.fct_bookings.prorates", "fail", message="actual differs"),
    ],
)
def test_what_cannot_run_is_an_error_that_names_it(broken: dict[str, Any]) -> None:
    failing = dbt_result("test.tieout.unique_customer.ab12", "fail", failures=1)

    with pytest.raises(TieoutError) as raised:
        read_results({"results": [failing, broken]})
    assert raised.value.object_name in broken["unique_id"]
    assert " ".join(broken["message"].split()) in raised.value.message


def test_the_node_count_advances_with_the_log_lines_of_dbt() -> None:
    def line(name: str, status: str, **data: Any) -> str:
        node = {"unique_id": f"model.{name}", "node_name": name, "node_status": status}
        event = {"info": {"level": "info", "msg": ""}, "data": {"node_info": node, **data}}
        return json.dumps(event)

    told: list[str] = []
    errors = follow(
        [
            line("a", "started", total=2),
            line("a", "success", total=2),
            "not JSON: a crash",
            line("a", "success", total=2),
            # Results of tests call the total num_models.
            line("b", "pass", num_models=2),
            json.dumps({"info": {"level": "error", "msg": " broken "}, "data": {}}),
        ],
        told.append,
    )

    assert told == ["1 of 2 nodes  a", "1 of 2 nodes  a", "2 of 2 nodes  b"]
    assert errors == ["not JSON: a crash", "broken"]


def test_a_warehouse_changed_between_check_and_publish_is_held(tools: Tools) -> None:
    def check_and_meddle(request: CheckRequest) -> list[CheckResult]:
        results = Tools.check(tools, request)
        change_warehouse(tools.paths, "insert into marts.fct_bookings values ('V9', 1, 1)")
        return results

    tools.check = check_and_meddle  # type: ignore[method-assign]
    run = new_run(tools)
    execute(run)

    assert run.summary.outcome is Outcome.HELD
    assert "has changed" in run.summary.reasons[0]
