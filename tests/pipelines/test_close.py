import json
import os
import shutil
import stat
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from closed_warehouse import ORIGIN, READY, make_closable, publish_again
from small_warehouse import change_warehouse, pass_gates

from pipelines import build as build_module
from pipelines.build import BuildReport, build
from pipelines.close import command, register
from pipelines.close.command import CloseResult, check_period, close_period
from pipelines.close.verify import verify_close
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT, Paths
from pipelines.errors import TieoutError
from pipelines.origin import Demo
from pipelines.publish import note_attempt

CLOSES = "select close_id, period_key, closed_by, contract_lines, booked_rpt from raw_tieout.closes"


@pytest.fixture(scope="module")
def closable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_closable(tmp_path_factory.mktemp("closable") / "data").data


@pytest.fixture
def paths(closable: Path, tmp_path: Path) -> Paths:
    return Paths(Path(shutil.copytree(closable, tmp_path / "it's data")))


def tieout(paths: Paths, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=PROJECT_ROOT,
        env={**os.environ, DATA_DIR_VARIABLE: str(paths.data)},
        capture_output=True,
        text=True,
        check=False,
    )


def force(paths: Paths) -> CloseResult:
    return close_period(paths, "Dec 2025", "Ana", reason="Board meeting", force=True)


def blockers(result: CloseResult) -> dict[str, list[str]]:
    return {
        gate.code: [blocker.record_id for blocker in gate.blockers]
        for gate in result.gates
        if not gate.passed
    }


def manifest(paths: Paths) -> dict[str, object]:
    file = paths.closes / "2025-12-31.2" / "manifest.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_a_blocked_period_stays_open_and_every_blocker_is_named(paths: Paths) -> None:
    shown = tieout(paths, "close", "2025-12", "--by", "Ana")

    assert shown.returncode == 2, shown.stderr
    for text in ("802L-3", "C-2", "550.00", "missing_in_erp", "Dec 2025 is open in the ERP"):
        assert text in shown.stdout
    assert "Dec 2025 stays open" in shown.stdout
    assert not paths.closes.exists()


def test_the_checklist_as_json_has_every_gate_with_its_records(paths: Paths) -> None:
    shown = tieout(paths, "close", "Dec 2025", "--check", "--json")

    assert shown.returncode == 2
    content = json.loads(shown.stdout)
    assert content["outcome"] == "blocked"
    assert {gate["gate_code"]: len(gate["blockers"]) for gate in content["gates"]} == {
        "run_published": 0,
        "records_loaded": 0,
        "erp_period": 1,
        "breaks_explained": 2,
    }
    assert content["gates"][-1]["blockers"][0] == {
        "record_id": "802L-3",
        "message": "missing_in_erp (Integration).",
        "contract_number": "C-2",
        "amount_rpt": "550.000",
    }


def test_a_period_that_nothing_blocks_is_closed(paths: Paths) -> None:
    publish_again(paths, "run-2", READY)

    shown = tieout(paths, "close", "Dec 2025", "--by", "Ana")

    assert shown.returncode == 0, shown.stderr
    assert "Closed: Dec 2025, closed by Ana" in shown.stdout
    (close,) = register.read_register(paths)
    assert close.entry["blockers_overridden"] == 0
    assert close.entry["totals"] == {
        "contract_lines": 3,
        "contract_lines_tied": 1,
        "booked_rpt": "2850.000",
        "recognized_rpt": "1435.010",
        "difference_rpt": "1414.990",
        "explained_rpt": "750.000",
        "break_rpt": "664.990",
        "unexplained_rpt": "0.000",
        "posted_rpt": "1435.010",
    }


def test_a_forced_close_records_who_why_and_what_was_overridden(paths: Paths) -> None:
    result = force(paths)

    assert result.close is not None
    described = manifest(paths)
    assert described["closed_by"] == "Ana"
    assert described["reason"] == "Board meeting"
    assert described["blockers_overridden"] == 3
    assert described["run_id"] == "run-1"
    gates = described["gates"]
    assert isinstance(gates, list)
    assert [blocker["record_id"] for blocker in gates[-1]["blockers"]] == ["802L-3", "802L-2"]
    rows = described["input_rows"]
    assert isinstance(rows, dict)
    assert (rows["raw_salesforce.account"], rows["raw_tieout.quarantine"]) == (2, 0)
    assert result.close.entry["manifest_sha256"] == register.sha256(
        paths.closes / "2025-12-31.2" / "manifest.json"
    )


def test_tables_that_are_state_are_noted_for_the_replay(paths: Paths) -> None:
    nodes = {
        alias: {
            "resource_type": "model",
            "schema": schema,
            "alias": alias,
            "config": {"full_refresh": False if kept else None},
        }
        for schema, alias, kept in (
            ("core", "fct_contract_line_history", True),
            ("core", "dim_contract", False),
            ("intermediate", "int_reporting_dates", True),
        )
    }
    (paths.data / "target").mkdir()
    (paths.data / "target" / "manifest.json").write_text(json.dumps({"nodes": nodes}))

    force(paths)

    described = manifest(paths)
    assert described["kept"] == ["core.fct_contract_line_history"]
    rows = described["input_rows"]
    assert isinstance(rows, dict)
    assert rows["intermediate.int_reporting_dates"] == 1


@pytest.mark.parametrize(
    ("by", "reason", "message"), [(" ", "Why", "the name of who"), ("Ana", " ", "needs a reason")]
)
def test_a_forced_close_needs_a_name_and_a_reason(
    paths: Paths, by: str, reason: str, message: str
) -> None:
    with pytest.raises(TieoutError, match=message):
        close_period(paths, "Dec 2025", by, reason=reason, force=True)
    assert not paths.closes.exists()


def test_what_cannot_be_overridden_keeps_a_forced_close_open(paths: Paths) -> None:
    note_attempt(paths, "run-2", "held", "A test failed")

    result = force(paths)

    assert result.close is None
    assert blockers(result)["run_published"] == ["run-2"]
    assert not paths.closes.exists()


def test_numbers_of_a_warehouse_that_moved_on_are_not_closed(paths: Paths) -> None:
    change_warehouse(paths, "insert into raw_salesforce.account values ('001C', '1.2')")
    assert blockers(force(paths))["run_published"] == ["run-1"]

    change_warehouse(
        paths,
        "insert into raw_tieout.loads values "
        "('1.2', 'two', 'salesforce', 'Account', 'raw_salesforce.account', '2026-01-02', 0)",
    )
    pass_gates(paths)
    result = force(paths)
    assert blockers(result)["run_published"] == ["run-1"]
    assert "loaded after" in result.gates[0].blockers[0].message


def test_a_record_that_was_set_aside_blocks(paths: Paths) -> None:
    publish_again(
        paths,
        "run-2",
        READY,
        "insert into raw_tieout.quarantine values "
        "('1.1', 'salesforce', 'Account', '001X', 'Amount', 'is no number')",
    )

    assert blockers(check_period(paths, "Dec 2025")) == {"records_loaded": ["001X"]}


def test_a_period_that_is_not_next_is_refused_with_the_one_that_is(paths: Paths) -> None:
    with pytest.raises(TieoutError, match="Close Dec 2025 first"):
        check_period(paths, "Nov 2025")
    with pytest.raises(TieoutError, match="no accounting period 'Dec 2031'"):
        check_period(paths, "Dec 2031")


def test_a_snapshot_of_an_earlier_version_is_published_anew_first(paths: Paths) -> None:
    publish_again(paths, "run-2", "drop table marts.fct_close_readiness")

    with pytest.raises(TieoutError, match=r"has no fct_close_readiness.*tieout run"):
        check_period(paths, "Dec 2025")


def test_a_closed_period_is_not_closed_again(paths: Paths) -> None:
    first = force(paths).close
    assert first is not None

    with pytest.raises(TieoutError, match=f"closed by Ana on .*{first.close_id}"):
        force(paths)
    assert len(register.read_register(paths)) == 1


def test_the_snapshot_is_whole_read_only_and_verified(paths: Paths) -> None:
    force(paths)

    folder = paths.closes / "2025-12-31.2"
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {str(path.relative_to(folder)) for path in files}
    assert {
        "manifest.json",
        "project.tar.gz",
        "marts/fct_reconciliation.parquet",
        "marts/fct_reconciliation_reasons.parquet",
        "marts/publication_status.parquet",
        "inputs/raw_salesforce.account.parquet",
    } <= names
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o444}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o555
    verification = verify_close(paths, "Dec 2025")
    assert verification.problems == ()
    assert verification.files == len(files) - 1
    assert tieout(paths, "close", "Dec 2025", "--verify").returncode == 0


def tamper(folder: Path, name: str, content: bytes | None) -> None:
    for path in (folder, folder / name):
        if path.exists():
            path.chmod(0o755)
    for inner in folder.iterdir():
        if inner.is_dir():
            inner.chmod(0o755)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("marts/fct_reconciliation.parquet", b"other", "fct_reconciliation.parquet was changed"),
        ("inputs/raw_salesforce.account.parquet", None, "account.parquet is missing"),
        ("inputs/raw_salesforce.more.parquet", b"more", "more.parquet was added"),
        ("manifest.json", b"{}", "manifest.json is not the one"),
        ("manifest.json", None, "manifest.json is missing"),
    ],
)
def test_tampering_is_found(paths: Paths, name: str, content: bytes | None, problem: str) -> None:
    force(paths)

    tamper(paths.closes / "2025-12-31.2", name, content)

    (found,) = verify_close(paths, "Dec 2025").problems
    assert problem in found


def test_a_close_that_was_touched_fails_its_verification(paths: Paths) -> None:
    force(paths)
    tamper(paths.closes / "2025-12-31.2", "marts/fct_bookings.parquet", b"other")

    shown = tieout(paths, "close", "Dec 2025", "--verify", "--json")

    assert shown.returncode == 1
    assert "fct_bookings.parquet was changed" in shown.stderr
    assert json.loads(shown.stdout)["problems"] == ["marts/fct_bookings.parquet was changed"]


def test_a_line_taken_out_of_the_register_is_found(paths: Paths) -> None:
    force(paths)
    folder = paths.closes / "2025-12-31.2"
    register.enter(paths, folder)
    lines = (paths.closes / register.FILE).read_text().splitlines()
    (paths.closes / register.FILE).write_text(lines[1] + "\n")

    (found,) = verify_close(paths, "Dec 2025").problems
    assert "line 1 does not follow" in found


def test_a_crash_while_writing_leaves_nothing_that_counts(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            force(paths)
    assert register.read_register(paths) == []

    assert force(paths).close is not None
    assert sorted(path.name for path in paths.closes.iterdir()) == ["2025-12-31.2", register.FILE]


def test_a_close_that_a_crash_left_unregistered_is_registered_next_time(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(command.register, "enter", lambda *_: (_ for _ in ()).throw(OSError))
        with pytest.raises(OSError):  # noqa: PT011 - raised above, without a message
            force(paths)

    with pytest.raises(TieoutError, match="closed by Ana"):
        force(paths)
    assert verify_close(paths, "Dec 2025").problems == ()


def test_a_folder_of_other_data_is_not_overwritten(paths: Paths) -> None:
    force(paths)
    change_warehouse(paths)
    pass_gates(paths)
    with duckdb.connect(paths.published_file) as connection:
        connection.execute("update publication_status set origin = 'elsewhere'")

    with pytest.raises(TieoutError, match="holds a close already"):
        force(paths)


def test_the_register_reaches_a_warehouse_that_was_thrown_away(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    force(paths)
    done = BuildReport(nodes=1, failed_tests=(), warnings=(), node_seconds=0)
    monkeypatch.setattr(build_module, "run_dbt", lambda *_arguments: done)
    monkeypatch.setattr(build_module, "read_origin", lambda _paths: ORIGIN)
    for _ in range(2):
        build(paths, lambda _text: None)
        stamp = paths.warehouse.stat().st_mtime_ns
        with duckdb.connect(paths.warehouse, read_only=True) as connection:
            (row,) = connection.execute(CLOSES).fetchall()
        assert row[1:] == ("2", "Ana", 3, Decimal("2850.000"))
    build(paths, lambda _text: None)
    assert paths.warehouse.stat().st_mtime_ns == stamp

    monkeypatch.setattr(build_module, "read_origin", lambda _paths: Demo(3, 4))
    build(paths, lambda _text: None)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        assert connection.execute(CLOSES).fetchall() == []
