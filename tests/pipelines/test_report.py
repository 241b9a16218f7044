import io
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console
from small_warehouse import HOLD, change_warehouse, make_warehouse, pass_gates

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.money import format_money, format_share, format_with_currency
from pipelines.publication import open_published
from pipelines.publish import note_attempt, publish
from pipelines.report import QUERIES, read_figures, show_report, show_times
from pipelines.stages import RunSummary, Stage


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = make_warehouse(tmp_path)
    pass_gates(made)
    publish(made, "run-1", "somewhere")
    return made


def reported(paths: Paths) -> str:
    out = io.StringIO()
    show_report(Console(file=out, width=100, highlight=False), paths)
    return out.getvalue()


def test_the_headline_is_of_the_reporting_period_alone(paths: Paths) -> None:
    figures = read_figures(paths)

    assert figures["period"] == "Dec 2025"
    assert figures["booked"] == "2850.000"
    assert figures["recognized"] == "1435.010"
    assert figures["difference"] == "1414.990"
    assert (figures["lines_tied"], figures["lines"]) == (1, 3)
    assert figures["tie_out_rate"] == "33.3 %"


def test_the_reasons_sum_to_the_difference(paths: Paths) -> None:
    figures = read_figures(paths)

    total = sum((Decimal(reason["amount"]) for reason in figures["reasons"]), Decimal(0))
    assert total == Decimal(figures["difference"])
    assert {reason["reason_code"]: reason["amount"] for reason in figures["reasons"]} == {
        "fx_rate": "-50.000",
        "missing_in_erp": "550.000",
        "price_mismatch": "114.990",
        "not_yet_delivered": "800.000",
    }


def test_contracts_that_are_held_are_counted_by_code(paths: Paths) -> None:
    assert read_figures(paths)["contracts_held"] == []
    assert "Contracts held" not in reported(paths)

    change_warehouse(paths, HOLD)
    pass_gates(paths)
    publish(paths, "run-2", "somewhere")

    assert read_figures(paths)["contracts_held"] == [
        {"hold_code": "no_dates", "contracts": 1, "booked": "0.000"}
    ]
    assert "Contracts held" in reported(paths)


def test_days_of_the_handoff_are_counted_by_step(paths: Paths) -> None:
    assert read_figures(paths)["handoff_days"] == [
        {"step_name": "close to order", "bookings": 2, "median_days": 1, "p90_days": 3},
        {"step_name": "order to arrangement", "bookings": 2, "median_days": 0, "p90_days": 1},
        {"step_name": "arrangement to first posting", "bookings": 2, "median_days": 20,
         "p90_days": 30},
        {"step_name": "close to first posting", "bookings": 2, "median_days": 23, "p90_days": 32},
    ]  # fmt: skip
    assert "Days of the hand-off" in reported(paths)


def test_breaks_are_listed_by_who_mends_them(paths: Paths) -> None:
    assert read_figures(paths)["breaks_by_owner"] == [
        {"owner": "Integration", "lines": 1, "amount": "550.000"},
        {"owner": "Billing", "lines": 1, "amount": "114.990"},
    ]


def test_the_report_fits_100_columns_and_has_no_colors_when_piped(paths: Paths) -> None:
    text = reported(paths)

    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert "\x1b" not in text
    assert "2,850.00 USD" in text
    assert "-50.00" in text
    assert "33.3 % of 3 lines" in text
    assert "C-2" in text


def test_a_later_run_that_was_held_is_told(paths: Paths) -> None:
    assert "A later run" not in reported(paths)

    note_attempt(paths, "run-2", "held", "Records are missing")

    assert "held: Records are missing" in " ".join(reported(paths).split())


def test_the_suggested_queries_run(paths: Paths) -> None:
    with open_published(paths) as connection:
        for query in QUERIES:
            assert connection.execute(query).fetchall()


def test_without_a_publication_there_is_an_error_with_a_fix(tmp_path: Path) -> None:
    with pytest.raises(TieoutError, match="Nothing has been published"):
        read_figures(Paths(tmp_path))


def test_times_show_own_seconds_and_their_share() -> None:
    summary = RunSummary("run-1", "somewhere")
    summary.stages = [
        Stage("load", 10.0, "dlt", 4.5, "rows"),
        Stage("build", 20.0, "dbt", 19.5, "nodes"),
    ]
    out = io.StringIO()

    show_times(Console(file=out, width=100), summary)

    rows = [line.split() for line in out.getvalue().splitlines()]
    assert ["load", "10.0", "5.5", "dlt"] in rows
    assert ["build", "20.0", "0.5", "dbt"] in rows
    assert ["all", "30.0", "6.0", "tieout's", "own", "code:", "20", "%"] in rows


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1234567.8", "USD", "1,234,567.80"),
        ("-1234.5", "EUR", "-1,234.50"),
        ("1200.000", "JPY", "1,200"),
        ("1.5", "KWD", "1.500"),
        ("0.000", "USD", "0.00"),
        ("-0.00", "USD", "0.00"),
        ("1E+3", "USD", "1,000.00"),
        # More than the currency has is a difference that must not be hidden.
        ("1200.005", "USD", "1,200.005"),
        ("0.5", "JPY", "0.5"),
    ],
)
def test_money_is_written_exactly(amount: str, currency: str, written: str) -> None:
    assert format_money(Decimal(amount), currency) == written
    assert format_with_currency(Decimal(amount), currency) == f"{written} {currency}"


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [(1, 3, "33.3 %"), (2, 3, "66.6 %"), (9999, 10000, "99.9 %"), (3, 3, "100.0 %"), (0, 0, "n/a")],
)
def test_a_share_never_rounds_up_to_the_whole(part: int, whole: int, written: str) -> None:
    assert format_share(part, whole) == written
