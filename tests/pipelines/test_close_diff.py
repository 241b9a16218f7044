import json
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from closed_warehouse import make_closable, publish_again
from test_close import force, tieout

from pipelines.close.diff import Diff, read_diff
from pipelines.close.known import moment, read_known
from pipelines.config import Paths
from pipelines.errors import TieoutError

# Since the close C-1's service ends a month earlier, its plan row was posted and one was removed;
# 66.67 more of it was recognized and is delivered. A line of C-2 is linked: its break is gone.
LATE = """
    update core.fct_contract_line_history set known_to = '2026-01-05 09:00'
    where record_id = '802L-1';
    insert into core.fct_contract_line_history
    select 'h3', * exclude (contract_line_history_id, ends_on, known_from, known_to)
        replace (1200.50 as amount_txn), '2026-06-30', '2026-01-05 09:00', null
    from core.fct_contract_line_history where record_id = '802L-1';
    update core.fct_planned_revenue_history set known_to = '2026-01-05 09:00';
    insert into core.fct_planned_revenue_history values
        ('p3', '502', 'K1', '2', '2', 'USD', 100, '2026-01-05 09:00', null);
    update core.dim_source set source_clock_at = '2026-01-05 09:00';
    update marts.fct_reconciliation set recognized_rpt = 466.67, recognized_txn = 466.67
    where contract_line_id = 'L-1' and period_key = '2';
    update marts.fct_reconciliation_reasons set amount_rpt = 733.33, amount_txn = 733.33
    where contract_line_id = 'L-1' and period_key = '2';
    delete from marts.fct_reconciliation where contract_line_id = 'L-3';
    delete from marts.fct_reconciliation_reasons where contract_line_id = 'L-3'
"""


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_closable(tmp_path_factory.mktemp("closed") / "data")
    force(made)
    return made.data


@pytest.fixture
def paths(closed: Path, tmp_path: Path) -> Paths:
    return Paths(Path(shutil.copytree(closed, tmp_path / "data")))


@pytest.fixture
def moved_on(paths: Paths) -> Paths:
    """Facts arrived after the close, and were published."""
    publish_again(paths, "run-2", LATE)
    return paths


def changed(diff: Diff) -> dict[tuple[str, str], tuple[Decimal, Decimal, Decimal]]:
    return {
        (row["contract_number"], row["measure"]): (
            row["closed_rpt"],
            row["change_rpt"],
            row["today_rpt"],
        )
        for row in diff.contracts
    }


def records(diff: Diff) -> list[tuple[Any, ...]]:
    names = ("record_type", "record_id", "what", "field", "closed_value", "today_value")
    return [tuple(row[name] for name in names) for row in diff.records]


def test_nothing_has_changed_right_after_a_close(paths: Paths) -> None:
    diff = read_diff(paths, "Dec 2025")

    assert (diff.contracts, diff.lines, diff.records) == ([], [], [])
    assert "Nothing has changed" in tieout(paths, "diff", "2025-12").stdout


def test_a_period_that_was_not_closed_has_no_diff(paths: Paths) -> None:
    with pytest.raises(TieoutError, match="Nov 2025 was not closed"):
        read_diff(paths, "Nov 2025")


def test_closed_and_changes_make_the_numbers_of_today(moved_on: Paths) -> None:
    diff = read_diff(moved_on, "Dec 2025")

    assert changed(diff) == {
        ("C-1", "not_yet_delivered"): (Decimal(800), Decimal("-66.67"), Decimal("733.33")),
        ("C-1", "recognized"): (Decimal(400), Decimal("66.67"), Decimal("466.67")),
        ("C-2", "booked"): (Decimal(1650), Decimal(-550), Decimal(1100)),
        ("C-2", "missing_in_erp"): (Decimal(550), Decimal(-550), Decimal(0)),
    }
    assert {(row["contract_line_id"], row["change_rpt"]) for row in diff.lines} == {
        ("L-1", Decimal("-66.67")),
        ("L-1", Decimal("66.67")),
        ("L-3", Decimal(-550)),
    }
    totals = {row["measure"]: row for row in diff.totals}
    assert all(row["closed_rpt"] + row["change_rpt"] == row["today_rpt"] for row in diff.totals)
    for column in ("closed_rpt", "change_rpt", "today_rpt"):
        booked, recognized = totals["booked"][column], totals["recognized"][column]
        reasons = [row[column] for row in diff.totals if 0 < row["measure_no"] < 100]
        assert sum(reasons) == booked - recognized
    assert totals["booked"]["today_rpt"] == Decimal(2300)


def test_the_records_say_what_appeared_disappeared_and_changed(moved_on: Paths) -> None:
    assert records(read_diff(moved_on, "Dec 2025")) == [
        ("order product", "802L-1", "changed", "amount", "1200.000", "1200.500"),
        ("order product", "802L-1", "changed", "ends_on", "2026-07-31", "2026-06-30"),
        ("planned revenue", "501", "disappeared", "amount", "100.000", None),
        ("planned revenue", "501", "disappeared", "planned_for", "Nov 2025", None),
        ("planned revenue", "501", "disappeared", "posted_in", "Nov 2025", None),
        ("planned revenue", "502", "changed", "posted_in", None, "Dec 2025"),
    ]


def test_the_diff_is_shown_with_totals_contracts_and_records(moved_on: Paths) -> None:
    shown = tieout(moved_on, "diff", "Dec 2025", "--json")

    assert shown.returncode == 0, shown.stderr
    for text in ("From booked to recognized", "-66.67", "502", "disappeared", "2026-06-30"):
        assert text in shown.stderr
    content = json.loads(shown.stdout)
    assert content["contracts"][0]["change_rpt"] == "-550.000"
    assert content["close"]["period_name"] == "Dec 2025"


def test_a_past_day_is_answered_with_what_was_known_then(moved_on: Paths) -> None:
    (before,) = read_known(moved_on, "C-1", "Dec 2025", "2026-01-04")
    (after,) = read_known(moved_on, "C-1", None, "2026-01-05T09:00")

    assert [row["ends_on"] for row in before.lines] == [date(2026, 7, 31)] * 2
    assert {row["witness"]: row["ends_on"] for row in after.lines} == {
        "crm": date(2026, 6, 30),
        "erp": date(2026, 7, 31),
    }
    assert before.revenue == [
        {"currency_code": "USD", "planned_txn": 200, "posted_txn": 100, "rows_due": 1}
    ]
    assert after.revenue == [
        {"currency_code": "USD", "planned_txn": 100, "posted_txn": 100, "rows_due": 0}
    ]
    assert before.run is not None
    assert after.run is not None
    assert (before.run["run_id"], after.run["run_id"]) == ("run-1", "run-2")
    recognized = [
        {row["measure"]: row["amount_rpt"] for row in known.amounts}["recognized"]
        for known in (before, after)
    ]
    assert recognized == [Decimal(400), Decimal("466.67")]


def test_the_answer_is_shown_or_says_since_when_there_is_one(paths: Paths) -> None:
    shown = tieout(paths, "explain", "C-1", "--period", "2025-12", "--known-on", "2025-12-31")
    assert shown.returncode == 0, shown.stderr
    for text in ("as known on 2025-12-31 23:59", "802L-1", "2026-07-31", "Run run-1 said"):
        assert text in shown.stdout

    early = tieout(paths, "explain", "C-1", "--known-on", "2025-12-31T20:59")
    assert early.returncode == 1
    assert "The history begins at 2025-12-31 21:00" in early.stderr


def test_a_day_counts_to_its_end_and_a_time_to_itself() -> None:
    assert moment("2026-01-05") == datetime(2026, 1, 5, 23, 59, 59, 999999)
    assert moment("2026-01-05T00:00") == datetime(2026, 1, 5)
    with pytest.raises(TieoutError, match="no day and no time"):
        moment("5 January")
