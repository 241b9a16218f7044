"""The build stage: one `dbt build` in a process of its own, followed line by line.

A process of its own because dbt inside ours may keep the warehouse locked after it returns.
Everything dbt writes (target, logs) goes to the data folder.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pipelines.close import register
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT, Paths
from pipelines.console import Update
from pipelines.errors import TieoutError
from pipelines.failed_rows import describe
from pipelines.gates import Gate, record_gate
from pipelines.origin import read_origin

TARGET: Final = "target"
FINISHED: Final = {"success", "pass", "fail", "error", "skipped", "warn", "runtime error"}
BROKEN: Final = {"error", "runtime error"}
MESSAGES_SHOWN: Final = 5
MESSAGE_LENGTH: Final = 700  # a database error may quote a whole query


@dataclass(frozen=True)
class NodeResult:
    """One node of the run that did not go well."""

    name: str
    kind: str
    message: str
    failures: int
    query: str = ""
    found: str = ""

    def __str__(self) -> str:
        """For a data test, its name, how many rows failed it and what it says of them."""
        if self.kind == "test" and self.failures:
            found = f". {self.found}" if self.found else ""
            return f"{self.name}: {self.failures:,} failing{found}"
        return f"{self.kind} {self.name}: {self.message}"


@dataclass(frozen=True)
class BuildReport:
    """What dbt did.

    Attributes:
        nodes: how many models, seeds and tests ran or were skipped.
        failed_tests: data tests that found rows; not empty means that the gate holds.
        warnings: tests that warn.
        node_seconds: seconds of all nodes together, as dbt measured them (two run at a time).
    """

    nodes: int
    failed_tests: tuple[NodeResult, ...]
    warnings: tuple[NodeResult, ...]
    node_seconds: float

    @property
    def passed(self) -> bool:
        """Whether the build may be checked and published."""
        return not self.failed_tests


def build(paths: Paths, update: Update, *, full: bool = False) -> BuildReport:
    """Run every seed, model and test once.

    Args:
        paths: the installation's files.
        update: is told how far dbt is.
        full: rebuild incremental models from nothing.

    Returns:
        The report; failed data tests are in it, not raised.

    Raises:
        TieoutError: a model, a seed or a test could not run, or dbt itself failed.
    """
    if (origin := read_origin(paths)) is not None:
        register.copy_to_warehouse(paths, str(origin))
    arguments = ["build", *(["--full-refresh"] if full else [])]
    report = _with_rows(paths, run_dbt(paths, arguments, update))
    record_gate(paths, Gate.BUILD, passed=report.passed)
    return report


def kept_tables(paths: Paths) -> list[str]:
    """Tables that no build makes anew, because nothing could fill them again: `schema.table`.

    Args:
        paths: files of the data folder; dbt has built it.
    """
    try:
        manifest = json.loads((paths.data / TARGET / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return sorted(
        f"{node['schema']}.{node['alias']}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["config"].get("full_refresh") is False
    )


def run_dbt(
    paths: Paths, arguments: list[str], update: Update, project: Path = PROJECT_ROOT
) -> BuildReport:
    """Run one dbt command against the warehouse of a data folder.

    Args:
        paths: files of the data folder.
        arguments: the command and its selection.
        update: is told how far dbt is.
        project: folder of the dbt project with its profile.

    Returns:
        The report; failed data tests are in it, not raised.

    Raises:
        TieoutError: a model, a seed or a test could not run, or dbt itself failed.
    """
    target = paths.data / TARGET
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    paths.data.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, DATA_DIR_VARIABLE: str(paths.data)}
    with subprocess.Popen(
        _command(paths, target, arguments, project),
        cwd=project,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - opened as a pipe above
            errors = follow(process.stdout, update)
        except BaseException:
            process.terminate()
            raise
    return _report(results, errors, process.returncode)


def follow(lines: Iterable[str], update: Update) -> list[str]:
    """Read dbt's JSON log lines as they come.

    Args:
        lines: standard output of dbt; lines that are not JSON are taken as errors.
        update: is told `<finished> of <total> nodes  <the node that just finished>`.

    Returns:
        Messages of level error, in order.
    """
    errors: list[str] = []
    finished: set[str] = set()
    for line in lines:
        try:
            event = json.loads(line)
            info, data = event["info"], event["data"]
        except (ValueError, KeyError, TypeError):
            if line.strip():
                errors.append(line.strip())
            continue
        if info.get("level") == "error":
            errors.append(str(info.get("msg", "")).strip())
        node = data.get("node_info") or {}
        total = data.get("total") or data.get("num_models")
        if total and node.get("node_status") in FINISHED:
            finished.add(node["unique_id"])
            update(f"{len(finished)} of {total} nodes  {node.get('node_name', '')}")
    return errors


def read_results(run_results: dict[str, Any]) -> BuildReport:
    """Judge dbt's `run_results.json`.

    Raises:
        TieoutError: something could not run, or a unit test of a rule failed: that is a defect
            of the models, not of the data.
    """
    nodes = [(result["status"], _node(result)) for result in run_results["results"]]
    broken = [
        node
        for status, node in nodes
        if status in BROKEN or (status == "fail" and node.kind != "test")
    ]
    if broken:
        raise _broken([str(node) for node in broken], object_name=broken[0].name)
    return BuildReport(
        nodes=len(nodes),
        failed_tests=tuple(node for status, node in nodes if status == "fail"),
        warnings=tuple(node for status, node in nodes if status == "warn"),
        node_seconds=sum(float(result["execution_time"]) for result in run_results["results"]),
    )


def _command(paths: Paths, target: Path, arguments: list[str], project: Path) -> list[str]:
    return [
        sys.executable,
        "-c",
        # `-m dbt.cli.main` imports that module twice and says so.
        "from dbt.cli.main import cli; cli()",
        *arguments,
        "--log-format",
        "json",
        "--no-use-colors",
        "--no-version-check",
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        "--target-path",
        str(target),
        "--log-path",
        str(paths.data / "logs"),
    ]


def _report(results: Path, errors: list[str], return_code: int) -> BuildReport:
    run_results = None
    with suppress(FileNotFoundError, ValueError):
        run_results = json.loads(results.read_text(encoding="utf-8"))
    if run_results is None:
        raise _broken(errors or [f"dbt ended with code {return_code} and no results"])
    report = read_results(run_results)
    if return_code and report.passed:
        raise _broken(errors or [f"dbt ended with code {return_code}"])
    return report


def _with_rows(paths: Paths, report: BuildReport) -> BuildReport:
    """The report with what each failed test says and the first rows it found."""
    queries = {test.name: test.query for test in report.failed_tests if test.query}
    found = describe(paths, queries)
    return replace(
        report,
        failed_tests=tuple(
            replace(test, found=found.get(test.name, "")) for test in report.failed_tests
        ),
    )


def _node(result: dict[str, Any]) -> NodeResult:
    kind, _, rest = result["unique_id"].partition(".")
    parts = rest.split(".")
    # unique_id: test.<project>.<name>.<hash>, others <kind>.<project>.<name>
    name = parts[1] if kind == "test" and len(parts) > 1 else parts[-1]
    message = " ".join(str(result.get("message") or "").split())
    query = str(result.get("compiled_code") or "")
    return NodeResult(name, kind, message, int(result.get("failures") or 0), query)


def _broken(messages: list[str], *, object_name: str | None = None) -> TieoutError:
    shown = "\n".join(
        message if len(message) <= MESSAGE_LENGTH else f"{message[:MESSAGE_LENGTH]}..."
        for message in messages[:MESSAGES_SHOWN]
    )
    more = len(messages) - MESSAGES_SHOWN
    return TieoutError(
        f"dbt could not build the models.\n{shown}" + (f"\nand {more} more" if more > 0 else ""),
        fix="Correct the model or the data it names; all of dbt's output is in logs/dbt.log.",
        source="dbt",
        object_name=object_name,
    )
