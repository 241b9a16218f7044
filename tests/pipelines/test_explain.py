import io
from pathlib import Path

import pytest
from rich.console import Console
from small_warehouse import (
    CONTRACT_ID_15,
    CONTRACT_ID_18,
    HOLD,
    change_warehouse,
    make_warehouse,
    pass_gates,
)

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.explain import explain
from pipelines.publish import publish


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = make_warehouse(tmp_path_factory.mktemp("explain") / "data")
    change_warehouse(made, HOLD)
    pass_gates(made)
    publish(made, "run-1", "somewhere")
    return made


def explained(paths: Paths, contract: str, period: str | None = None) -> str:
    out = io.StringIO()
    explain(Console(file=out, width=100, highlight=False), paths, contract, period)
    return out.getvalue()


def amounts(text: str, name: str) -> list[list[str]]:
    """The words after a step's name, for each of its rows."""
    rows = [line.strip().removeprefix("- ").split() for line in text.splitlines()]
    return [row[1:] for row in rows if row[:1] == [name]]


@pytest.mark.parametrize(
    "name", ["C-1", "c-1", "K1", CONTRACT_ID_18, CONTRACT_ID_15, "SO100", "so101"]
)
def test_a_contract_is_found_by_every_name_it_has(paths: Paths, name: str) -> None:
    assert "Contract C-1  Acme Inc" in explained(paths, name)


def test_salesforce_ids_are_case_sensitive(paths: Paths) -> None:
    with pytest.raises(TieoutError, match="No contract"):
        explained(paths, CONTRACT_ID_18.swapcase())


def test_the_balance_is_one_line_of_the_contract(paths: Paths) -> None:
    assert "billed 600.00, recognized 400.00, deferred 200.00, RPO 800.00 USD" in explained(
        paths, "C-1"
    )
    assert "billed 600.00, recognized 300.00" in explained(paths, "C-1", "2025-11")


def test_the_chain_runs_from_booked_to_recognized(paths: Paths) -> None:
    text = explained(paths, "C-1")

    assert amounts(text, "booked") == [["1,200.00"]]
    assert amounts(text, "not_yet_delivered") == [
        ["-800.00", "timing;", "clears", "in", "Jul", "2026"]
    ]
    assert amounts(text, "recognized") == [["400.00"]]
    assert "2025-12-31" in text


def test_a_foreign_contract_shows_both_currencies_and_its_total(paths: Paths) -> None:
    text = explained(paths, "C-2")

    assert amounts(text, "booked") == [
        ["1,000.00", "1,100.00"],
        ["500.00", "550.00"],
        ["1,500.00", "1,650.00"],
    ]
    assert amounts(text, "fx_rate")[0] == ["0.00", "50.00", "currency"]
    assert amounts(text, "recognized")[2] == ["900.00", "1,035.01"]


def test_a_line_shows_its_records_and_the_rates_of_both_systems(paths: Paths) -> None:
    text = explained(paths, "C-2")

    assert "https://crm.example/802L-2" in text
    assert "https://erp.example/salesord.nl?id=7" in text
    assert "USD for 1 EUR: CRM 1.1 (dated of 2025-01-01), ERP 1.15 (order of 2025-01-04)" in text
    assert "USD for 1 EUR: CRM 1.1 (dated of 2025-01-01), ERP none" in text
    assert "USD for 1 USD" not in explained(paths, "C-1")


def test_a_break_names_both_values_who_mends_it_and_the_record(paths: Paths) -> None:
    text = explained(paths, "C-2")

    assert "amount: CRM 1000.00, ERP" in text
    assert "Billing: Mend price_mismatch." in text
    assert "https://crm.example/802L-2" in text


@pytest.mark.parametrize("period", ["Nov 2025", "nov 2025", "2025-11"])
def test_a_past_period_has_the_amounts_of_then(paths: Paths, period: str) -> None:
    text = explained(paths, "C-1", period)

    assert "Nov 2025" in text
    assert amounts(text, "recognized") == [["300.00"]]


def test_a_break_worth_nothing_is_shown_and_a_reason_that_cleared_is_not(tmp_path: Path) -> None:
    made = make_warehouse(tmp_path / "data")
    row = "('L-2/2/{code}', 'L-2', 'K2', 2, '{code}', 'break', 5, 'Billing', 'EUR', 0, 0, {stands})"
    change_warehouse(
        made,
        "insert into marts.fct_reconciliation_reasons (reconciliation_reason_id, contract_line_id, "
        "contract_id, period_no, reason_code, reason_class, chain_step_no, owner, currency_code, "
        "amount_txn, amount_rpt, is_standing) values "
        + ", ".join(
            row.format(code=code, stands=stands)
            for code, stands in (("product_mismatch", True), ("quantity_mismatch", False))
        ),
    )
    pass_gates(made)
    publish(made, "run-1", "somewhere")

    text = explained(made, "C-2")

    assert amounts(text, "product_mismatch")[0][:2] == ["0.00", "0.00"]
    assert "quantity_mismatch" not in text


def test_an_order_in_another_currency_shows_both_sides_of_a_contract(tmp_path: Path) -> None:
    made = make_warehouse(tmp_path / "data")
    change_warehouse(
        made,
        "update marts.fct_reconciliation set recognized_rpt = 500, difference_rpt = 700, "
        "explained_rpt = 700 where contract_line_id = 'L-1' and period_no = 2",
    )
    pass_gates(made)
    publish(made, "run-1", "somewhere")

    assert amounts(explained(made, "C-1"), "recognized") == [["400.00", "500.00"]]


def test_an_unknown_contract_suggests_what_is_near(paths: Paths) -> None:
    with pytest.raises(TieoutError) as raised:
        explained(paths, "SO2000")
    assert raised.value.fix.split("Close to it: ")[1].startswith("C-2")

    with pytest.raises(TieoutError) as raised:
        explained(paths, "acme")
    assert raised.value.fix.split("Close to it: ")[1].startswith("C-1")


def test_an_unknown_period_says_which_there_are(paths: Paths) -> None:
    with pytest.raises(TieoutError) as raised:
        explained(paths, "C-1", "Jan 2031")
    assert "Nov 2025 to Dec 2025" in raised.value.fix


def test_a_contract_without_lines_says_so(paths: Paths) -> None:
    assert "Nothing was booked or recognized by the end of Dec 2025." in explained(paths, "SO300")


def test_expected_revenue_is_traced_to_version_term_rule_and_paragraph(paths: Paths) -> None:
    text = " ".join(explained(paths, "C-1").split())

    assert "expected 100.00 USD in Dec 2025" in text
    assert (
        "101.92 of 1,200.00 2025-08-01 to 2026-07-31; version 1, initial (802L-1); "
        "stated_price, ratable_daily" in text
    )
    assert (
        "-1.92 on 2025-12-05; version 1, initial (802L-1); changed by version 2 (802L-9); "
        "prospective, on_the_day" in text
    )
    assert "ratable_daily By days (ASC 606-10-25-31, IFRS 15.39)" in text
    assert "expected" not in explained(paths, "C-1", "Nov 2025")


def test_a_contract_that_is_held_says_why_and_how_to_mend_it(paths: Paths) -> None:
    text = " ".join(explained(paths, "SO300").split())

    assert "HELD no_dates ERP record 91, ends_on: A line recognized as ratable has no" in text
    assert "Fix: Give the first and the last day of service." in text
    assert "HELD" not in explained(paths, "C-1")


def test_without_a_publication_the_fix_is_named(tmp_path: Path) -> None:
    with pytest.raises(TieoutError) as raised:
        explained(Paths(tmp_path), "C-1")
    assert "tieout run" in raised.value.fix
