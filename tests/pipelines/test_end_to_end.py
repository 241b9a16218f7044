"""The whole path on the embedded company, against its answer key."""

from collections.abc import Callable, Iterator

import pytest
from conftest import data_folder

from pipelines.build import build
from pipelines.company import build_company
from pipelines.config import paths
from pipelines.demo import environment, settings_of_card
from pipelines.load import load
from pipelines.simulators.server import running_servers
from proofs.answer_key import Comparison

pytestmark = pytest.mark.end_to_end

CUSTOMERS = 80
HEADING = "reason code              expected    found  matched  precision  recall"
PLANTED = {
    "missing_in_erp",
    "missing_in_crm",
    "amendment_not_synced",
    "termination_not_synced",
    "quantity_mismatch",
    "price_mismatch",
    "allocation_mismatch",
    "date_shift",
    "posting_lag",
    "duplicate_in_erp",
    "duplicate_in_crm",
    "recognition_rule_mismatch",
    "manual_journal",
    "currency_mismatch",
    "erp_short_close",
    "product_mismatch",
}
BRIDGED = {
    "sales_arr", "signed_not_started", "ramp_steps_not_effective", "one_time_tagged_recurring",
    "annualization_convention", "past_end_without_renewal", "evergreen_not_in_crm",
    "cancellation_known_to_one_side", "duplicate", "account_hierarchy", "fx", "missing_in_erp",
    "missing_in_crm", "service_dates_differ", "amount_differs", "finance_arr",
}  # fmt: skip


@pytest.fixture(scope="module", params=[1, 2, 42])
def comparison(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Comparison]:
    """A company of its own seed, loaded through the real connectors and built."""
    with data_folder(tmp_path_factory.mktemp(f"seed-{request.param}")):
        company = build_company(customers=CUSTOMERS, seed=request.param)
        company.answer_key.write(paths().answer_key)
        with running_servers(company) as servers, environment(settings_of_card(servers.card)):
            load("answer-key")
        report = build(paths(), lambda _text: None)
        assert report.failed_tests == ()
        compared = Comparison(paths().warehouse, paths().answer_key)
        yield compared
        compared.close()


def test_every_reason_is_found_with_its_cents_and_none_is_invented(
    comparison: Comparison, show_at_the_end: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    scores = comparison.scores()
    for line in (request.node.name, HEADING, *map(str, scores)):
        show_at_the_end(line)
    assert {score.reason_code for score in scores} >= PLANTED
    assert [score for score in scores if not score.is_perfect] == [], comparison.differences()


def test_every_planted_break_is_found_and_no_other_line_is_broken(comparison: Comparison) -> None:
    planted = comparison.planted()
    assert {score.reason_code for score in planted if score.expected >= 3} == PLANTED
    assert [score for score in planted if not score.is_perfect] == []


def test_every_link_is_found_by_its_pass_and_none_is_invented(comparison: Comparison) -> None:
    assert comparison.link_differences() == []


def test_a_suggestion_is_in_the_queue_for_both_of_its_records(comparison: Comparison) -> None:
    assert comparison.suggestion_differences() == []


def test_expected_revenue_is_the_answer_key_on_every_line_and_period(
    comparison: Comparison,
) -> None:
    assert comparison.expected_revenue_differences() == []


def test_annual_recurring_revenue_is_the_answer_key_on_every_line_and_period(
    comparison: Comparison,
) -> None:
    assert comparison.arr_differences() == []


def test_the_arr_bridge_is_the_answer_key_on_every_customer_period_and_step(
    comparison: Comparison,
) -> None:
    assert comparison.arr_bridge_reasons() >= BRIDGED
    assert comparison.arr_bridge_differences() == []


def test_neither_bridge_leaves_anything_unexplained(comparison: Comparison) -> None:
    assert comparison.unexplained_bridge_rows() == []


def test_balances_are_the_answer_key_on_every_contract_and_period(
    comparison: Comparison,
) -> None:
    rows, with_asset, with_credit = comparison.balance_rows()
    assert rows > with_asset > with_credit > 0
    assert comparison.balance_differences() == []
