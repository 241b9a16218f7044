import io
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console
from small_warehouse import BRIDGE, HOLD, change_warehouse, make_warehouse, pass_gates

from pipelines.bridge_view import WIDTH, bar
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


def test_the_arr_bridge_is_a_waterfall_of_the_reporting_period(paths: Paths) -> None:
    assert read_figures(paths)["arr_bridge"] == []
    assert "Sales ARR" not in reported(paths)

    change_warehouse(paths, BRIDGE)
    pass_gates(paths)
    publish(paths, "run-2", "somewhere")

    steps = {row["bridge_reason"]: row["amount"] for row in read_figures(paths)["arr_bridge"]}
    assert steps == {
        "sales_arr": "1000.000",
        "past_end_without_renewal": "-250.000",
        "missing_in_erp": "-150.000",
        "finance_arr": "600.000",
    }
    bars = {
        words[0]: line.count("█")
        for line in reported(paths).splitlines()
        if (words := line.split()) and words[0] in steps
    }
    assert bars == {
        "sales_arr": WIDTH,
        "past_end_without_renewal": WIDTH - 21,
        "missing_in_erp": 21 - 17,
        "finance_arr": 17,
    }


def test_a_bar_stands_between_two_heights() -> None:
    assert bar(Decimal(50), Decimal(25), Decimal(100)) == " " * 7 + "█" * 7
    assert bar(Decimal(50), Decimal(50), Decimal(100)) == " " * 14 + "█"
    assert bar(Decimal(0), Decimal(-5), Decimal(100)) == "█"
    assert bar(Decimal(0), Decimal(0), Decimal(0)) == ""


def test_balances_roll_forward_to_the_ledger(paths: Paths) -> None:
    balances = read_figures(paths)["balances"]
    assert balances["deferred_revenue"] == "200.000"
    assert balances["ending"] == "200.000"
    assert balances["without_contract"] == "6.000"
    assert balances["ledger"] == "206.000"
    assert balances["difference"] == "0.000"

    text = reported(paths)
    rows = {line.rsplit(maxsplit=1)[0].strip(): line.split()[-1]
            for line in text.splitlines() if line.strip()}  # fmt: skip
    assert rows["recognized"] == "-1,000.00"
    assert rows["remaining performance obligation"] == "800.00"


def test_timing_whose_period_is_over_is_counted_as_cleared_or_not(paths: Paths) -> None:
    """A reason of a line counts once, as it stands in its last period."""
    assert read_figures(paths)["timing"] == {"expected": 0, "cleared": 0}
    assert "Timing past its period" not in reported(paths)

    change_warehouse(
        paths,
        """
        update marts.fct_reconciliation_reasons
        set expected_clear_period_key = '2', has_cleared = (contract_line_id = 'L-1')
        where reason_class = 'timing' and amount_txn != 0
        """,
    )
    pass_gates(paths)
    publish(paths, "run-2", "somewhere")

    with open_published(paths) as connection:
        timing = connection.execute(
            "select distinct contract_line_id from fct_reconciliation_reasons"
            " where reason_class = 'timing' and amount_txn != 0"
        ).fetchall()
    cleared = ("L-1",) in timing
    assert read_figures(paths)["timing"] == {"expected": len(timing), "cleared": int(cleared)}
    assert f"{int(cleared)} of {len(timing)} cleared" in reported(paths)


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


def test_the_coverage_of_the_crosswalk_is_shown_by_pass(paths: Paths) -> None:
    assert read_figures(paths)["crosswalk"] == [
        {"match_status": status, "match_pass": match_pass, "crm_records": crm, "crm_amount": sold,
         "erp_records": erp, "erp_amount": held}
        for status, match_pass, crm, sold, erp, held in (
            ("linked", 1, 1, "1200.000", 1, "1200.000"),
            ("linked", 3, 1, "1100.000", 1, "1035.000"),
            ("duplicate", None, 0, "0.000", 1, "1035.000"),
            ("unlinked", None, 1, "550.000", 0, "0.000"),
        )
    ]  # fmt: skip
    assert "linked by order and near amount" in reported(paths)


def test_causes_and_open_exceptions_have_bars_by_their_amount(paths: Paths) -> None:
    figures = read_figures(paths)
    bars = {
        line.split()[0]: line.count("\N{FULL BLOCK}")
        for line in reported(paths).splitlines()
        if "\N{FULL BLOCK}" in line
    }

    assert [(row["cause"], row["amount"]) for row in figures["root_causes"]] == [
        ("hand-off", "550.000"),
        ("price", "114.990"),
    ]
    assert [
        (row["age"], row["exceptions"], row["material"], row["expired"], row["amount"])
        for row in figures["exceptions_by_age"]
    ] == [("31 to 60 days", 1, 0, 0, "114.990"), ("over 180 days", 1, 1, 1, "550.000")]
    assert bars == {"hand-off": 16, "price": 3, "31": 3, "over": 16}


def test_a_reason_that_drifts_in_the_reporting_period_is_told(paths: Paths) -> None:
    text = " ".join(reported(paths).split())

    assert "fx_rate is 40.0 % of what moved in Dec 2025, 10.0 % in the periods before." in text
    assert text.count("The mix of reasons has shifted") == 1


def test_a_snapshot_of_an_older_version_is_reported_without_them(paths: Paths) -> None:
    change_warehouse(
        paths,
        *(
            f"drop table marts.{name}"
            for name in ("fct_exceptions", "fct_root_causes", "fct_reason_mix")
        ),
    )
    pass_gates(paths)
    publish(paths, "run-2", "somewhere")

    assert read_figures(paths)["root_causes"] == []
    assert "What causes the breaks" not in reported(paths)


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
