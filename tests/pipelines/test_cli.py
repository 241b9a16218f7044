import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_warehouse import make_warehouse, pass_gates

from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT
from pipelines.gates import Gate, record_gate
from pipelines.publish import publish

COMMANDS = (
    "run",
    "load",
    "sources",
    "build",
    "check",
    "publish",
    "report",
    "explain",
    "close",
    "diff",
    "replay",
    "policy",
    "exceptions",
    "cases",
    "serve-demo",
)


def tieout(data: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, DATA_DIR_VARIABLE: str(data), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def published(tmp_path: Path) -> Path:
    paths = make_warehouse(tmp_path)
    pass_gates(paths)
    publish(paths, "run-1", "somewhere")
    return tmp_path


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = tieout(tmp_path, "--help")

    assert shown.returncode == 0
    for command in COMMANDS:
        assert re.search(rf"\b{command}\b", shown.stdout)


def test_the_command_imports_nothing_heavy() -> None:
    heavy = {"duckdb", "dlt", "dbt", "great_expectations", "pyarrow", "pandas", "sqlalchemy"}
    script = f"import pipelines.cli, sys; print(sorted({heavy!r} & set(sys.modules)))"

    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )

    assert shown.stdout == "[]\n"


def test_an_error_is_one_panel_without_a_traceback(tmp_path: Path) -> None:
    shown = tieout(tmp_path, "explain", "C-1")

    assert shown.returncode == 1
    assert shown.stdout == ""
    assert "Nothing has been published yet" in shown.stderr
    assert "Fix: " in shown.stderr
    assert "Traceback" not in shown.stderr


def test_debug_shows_the_traceback_of_an_error(tmp_path: Path) -> None:
    shown = tieout(tmp_path, "explain", "C-1", "--debug")

    assert shown.returncode == 1
    assert "Traceback" in shown.stderr


@pytest.mark.parametrize("arguments", [["rnu"], ["run", "--custmers", "3"], ["explain"]])
def test_a_mistyped_command_does_not_look_like_a_held_gate(
    tmp_path: Path, arguments: list[str]
) -> None:
    shown = tieout(tmp_path, *arguments)

    assert shown.returncode == 1
    assert "Usage:" in shown.stderr


def test_publishing_what_a_gate_held_exits_with_2(tmp_path: Path) -> None:
    paths = make_warehouse(tmp_path)
    pass_gates(paths)
    record_gate(paths, Gate.CHECK, passed=False)

    shown = tieout(tmp_path, "publish")

    assert shown.returncode == 2
    assert "did not pass" in shown.stderr
    assert not paths.published_file.exists()
    assert not (tmp_path / "run.lock").exists()


def test_publishing_what_passed_exits_with_0(tmp_path: Path) -> None:
    paths = make_warehouse(tmp_path)
    pass_gates(paths)

    shown = tieout(tmp_path, "publish")

    assert shown.returncode == 0, shown.stderr
    assert paths.published_file.exists()


def test_report_and_explain_read_the_published_file(published: Path) -> None:
    (published / "warehouse.duckdb").unlink()

    report = tieout(published, "report")
    explained = tieout(published, "explain", "C-2", "--period", "2025-11")

    assert report.returncode == 0, report.stderr
    assert "2,850.00 USD" in report.stdout
    assert explained.returncode == 0, explained.stderr
    assert "Contract C-2" in explained.stdout


def test_report_as_json_is_json_alone(published: Path) -> None:
    shown = tieout(published, "report", "--json")

    assert json.loads(shown.stdout)["difference"] == "1414.990"


def test_exceptions_are_listed_and_never_explained_without_a_reason(published: Path) -> None:
    shown = tieout(published, "exceptions", "--json")
    explained = tieout(published, "exceptions", "explain", "e5", "--by", "Jane")
    blank = tieout(published, "exceptions", "explain", "e5", "--by", "Jane", "--reason", " ")

    assert [row["amount_rpt"] for row in json.loads(shown.stdout)] == ["550.000", "114.990"]
    assert explained.returncode == 1
    assert "--reason" in explained.stderr
    assert blank.returncode == 1
    assert "A decision needs a reason" in blank.stderr


def test_a_run_that_fails_prints_its_summary_as_json_and_nothing_else(tmp_path: Path) -> None:
    # A warehouse without the demo's record is a person's own: the demo must not replace it.
    make_warehouse(tmp_path)

    shown = tieout(tmp_path, "run", "--demo", "--json")

    summary = json.loads(shown.stdout)
    assert shown.returncode == 1
    assert summary["outcome"] == "failed"
    assert summary["exit_code"] == 1
    assert "configured sources" in summary["reasons"][0]
    assert "configured sources" in shown.stderr
    assert (tmp_path / "warehouse.duckdb").exists()
    assert not (tmp_path / "run.lock").exists()


def test_a_stage_without_a_warehouse_names_what_to_run(tmp_path: Path) -> None:
    shown = tieout(tmp_path, "build")

    assert shown.returncode == 1
    assert "tieout load" in shown.stderr
