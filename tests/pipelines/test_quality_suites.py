import json
import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from small_warehouse import HOLD, change_warehouse, make_warehouse

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.gates import Gate, require_gates
from pipelines.quality import CheckRequest, CheckResult, checker

# Great Expectations is imported once, by the first test that needs it.
pytestmark = pytest.mark.integration

Judge = Callable[..., dict[str, CheckResult]]


def request_for(paths: Paths, **previous_rows: int) -> CheckRequest:
    return CheckRequest(
        run_id="first",
        warehouse=str(paths.warehouse),
        result_file=str(paths.data / "check_results.json"),
        previous_rows=previous_rows,
        minimum_rows_kept_percent=80,
        unexplained_tolerance="0",
        maximum_held_percent=10,
    )


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return make_warehouse(tmp_path)


@pytest.fixture
def failed(paths: Paths) -> Judge:
    """Change the build file by SQL, check it, and return the checks that failed by name."""

    def judge(*statements: str, **previous_rows: int) -> dict[str, CheckResult]:
        from pipelines.quality.checks import run_checks  # noqa: PLC0415 - tens of seconds

        change_warehouse(paths, *statements)
        # A copy: Great Expectations keeps a file open for as long as its process lives.
        copy = Paths(paths.data / f"copy-{uuid4()}")
        copy.data.mkdir()
        shutil.copyfile(paths.warehouse, copy.warehouse)
        results = run_checks(request_for(copy, **previous_rows))
        assert len(results) >= 12
        return {result.name: result for result in results if not result.passed}

    return judge


def test_a_good_batch_passes(failed: Judge) -> None:
    # 6 rows are at least 80 % of 7.
    assert failed(fct_bookings=2, fct_reconciliation=7) == {}


def test_a_bad_batch_fails_each_check_it_breaks_and_names_offenders(failed: Judge) -> None:
    reconciliation, reasons = "marts.fct_reconciliation", "marts.fct_reconciliation_reasons"
    results = failed(
        # One cent each: floats would let it pass.
        f"update {reconciliation} set explained_txn = explained_txn + 0.01 "
        "where reconciliation_id = 'L-1/1'",
        f"update {reconciliation} set unexplained_rpt = 0.01, explained_rpt = explained_rpt - 0.01 "
        "where reconciliation_id = 'L-1/2'",
        f"update {reasons} set amount_rpt = amount_rpt - 0.01 "
        "where reconciliation_reason_id = 'L-2/2/price_mismatch'",
        # A missing amount, missing reasons, and reasons of no row.
        f"update {reconciliation} set break_rpt = null where reconciliation_id = 'L-3/1'",
        f"delete from {reasons} where reconciliation_id = 'L-3/2'",
        f"insert into {reasons} (reconciliation_reason_id, reconciliation_id, amount_txn, "
        "amount_rpt) values ('new', 'no such row', 0, 0)",
        "insert into core.dim_customer (customer_id) values ('A1')",
        "insert into marts.fct_bookings values (null, 1, 1)",
        # One contract of three.
        HOLD,
    )

    assert {name: result.observed for name, result in results.items()} == {
        "rows_not_adding_up": 2,
        "totals_not_adding_up": 1,
        "unexplained_beyond_tolerance": 1,
        "rows_reasons_do_not_sum": 3,
        "key_violations": 2,
        "contracts_held_beyond_limit": 1,
    }
    assert results["contracts_held_beyond_limit"].evidence == (
        "no_dates (1): A line recognized as ratable has no ends_on.",
    )
    assert set(results["rows_not_adding_up"].evidence) == {
        "line L-1 in Nov 2025",
        "line L-3 in Nov 2025",
    }
    assert results["unexplained_beyond_tolerance"].evidence == ("line L-1 in Dec 2025: 0.010",)
    assert set(results["rows_reasons_do_not_sum"].evidence) == {
        f"reconciliation_id {name}" for name in ("L-2/2", "L-3/2", "no such row")
    }
    assert set(results["key_violations"].evidence) == {
        "core.dim_customer (1)",
        "marts.fct_bookings (1)",
    }
    assert "Rows without a key" in str(results["key_violations"])


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        (
            "update marts.fct_reconciliation set booked_txn = 0, recognized_txn = 0, "
            "is_reporting_period = false",
            {
                "booked_rows",
                "recognized_rows",
                "reporting_period_rows",
                "unexplained_beyond_tolerance",
            },
        ),
        (
            "delete from marts.fct_reconciliation",
            {"reconciliation_rows", "booked_rows", "recognized_rows", "totals_not_adding_up"},
        ),
    ],
)
def test_an_empty_side_never_passes(failed: Judge, change: str, checks: set[str]) -> None:
    assert checks <= set(failed(change))


def test_a_table_that_lost_a_fifth_and_more_is_noticed(failed: Judge) -> None:
    result = failed(fct_reconciliation=8)["tables_shrunk"]
    assert result.evidence == ("fct_reconciliation has 6 rows, had 8",)


REJECTED = (
    "insert into raw_tieout.loads values ('2.1', 'second', 'salesforce', 'Account', "
    "'raw_salesforce.account', '2026-01-02', 1)",
    "insert into raw_tieout.quarantine values ('2.1', 'salesforce', 'Account', '001A', 'Name', "
    "'not text')",
)
NEXT_LOAD = (
    "insert into raw_tieout.loads values ('3.1', 'third', 'salesforce', 'Account', "
    "'raw_salesforce.account', '2026-01-03', 0)"
)


def test_a_record_set_aside_holds_until_it_is_loaded(failed: Judge) -> None:
    result = failed(*REJECTED)["quarantined_records"]
    assert result.evidence == ("salesforce Account 001A Name - not text",)
    # A later load that did not bring it does not heal it.
    assert set(failed(NEXT_LOAD)) == {"quarantined_records"}

    mended = "update raw_salesforce.account set _dlt_load_id = '3.1' where id = '001A'"
    assert failed(mended) == {}


def test_a_table_read_anew_heals_what_was_set_aside(failed: Judge) -> None:
    # The record is gone from the source: nothing will ever bring it.
    anew = """
        create or replace table raw_salesforce.account as select '001B' as id, '3.1' as _dlt_load_id
    """

    assert failed(*REJECTED, NEXT_LOAD, anew) == {}


def test_the_process_judges_and_notes_the_gate(paths: Paths) -> None:
    change_warehouse(paths, "insert into core.dim_customer (customer_id) values ('A1')")
    request = request_for(paths)

    with checker(paths) as process:
        results = process.check(request)

    assert [result.name for result in results if not result.passed] == ["key_violations"]
    assert json.loads(Path(request.result_file).read_text())["passed"] is False
    with pytest.raises(TieoutError, match="did not pass `tieout check`"):
        require_gates(paths, Gate.CHECK)


def test_checks_that_cannot_run_are_an_error_not_a_pass(paths: Paths) -> None:
    change_warehouse(paths, "drop table marts.fct_reconciliation_reasons")

    with checker(paths) as process, pytest.raises(TieoutError, match="could not run"):
        process.check(request_for(paths))
    with pytest.raises(TieoutError):
        require_gates(paths, Gate.CHECK)
