"""The whole path on the embedded company, against its answer key."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import data_folder
from starlette.responses import Response

from pipelines.build import build
from pipelines.company import build_company
from pipelines.config import PROJECT_ROOT, paths
from pipelines.demo import environment, settings_of_card
from pipelines.load import load
from pipelines.simulators.server import RunningServers, running_servers
from pipelines.simulators.web import Call, Handler
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


def tieout(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it; the environment names the data folder."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


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


def test_a_demo_run_publishes_and_a_second_one_loads_only_changes(tmp_path: Path) -> None:
    with data_folder(tmp_path):
        command = ["run", "--demo", "--customers", str(CUSTOMERS), "--seed", "7", "--json"]
        first = tieout(*command)
        assert first.returncode == 0, first.stderr
        reader = duckdb.connect(paths().published_file, read_only=True)
        booked = "select sum(booked_rpt) from fct_reconciliation where is_reporting_period"
        before = reader.execute(booked).fetchone()

        second = tieout(*command)
        assert second.returncode == 0, second.stderr
        assert reader.execute(booked).fetchone() == before
        reader.close()

        figures = [json.loads(run.stdout)["figures"] for run in (first, second)]
        run_ids = [figure.pop("run_id") for figure in figures]
        assert figures[0] == figures[1]
        with duckdb.connect(paths().published_file, read_only=True) as reopened:
            assert reopened.execute("select run_id from publication_status").fetchone() == (
                run_ids[1],
            )
        loaded = [json.loads(run.stdout)["stages"][0]["did"] for run in (first, second)]
        rows = [int(did.split(" ")[0].replace(",", "")) for did in loaded]
        assert rows[1] < rows[0]

        contract = tieout("explain", figures[0]["top_contracts"][0]["contract_number"])
        assert contract.returncode == 0, contract.stderr
        assert "booked" in contract.stdout
        assert "recognized" in contract.stdout


def garble(servers: RunningServers, amount: str) -> None:
    """From now on the CRM writes a word where it should write this amount."""
    plain = servers.salesforce.answer

    def answer(call: Call, handler: Handler) -> Response:
        response = plain(call, handler)
        response.body = bytes(response.body).replace(amount.encode(), b'"twelve"')
        response.headers["content-length"] = str(len(response.body))
        return response

    servers.salesforce.answer = answer  # type: ignore[method-assign] # a fault of the test's own


def test_a_bad_record_holds_the_gate_and_the_last_snapshot_stands(tmp_path: Path) -> None:
    company = build_company(customers=60, seed=3)
    with (
        data_folder(tmp_path),
        running_servers(company) as servers,
        environment(settings_of_card(servers.card)),
    ):
        published = tieout("run", "--json")
        assert published.returncode == 0, published.stderr
        snapshot = json.loads(published.stdout)["run_id"]

        servers.clock.advance(timedelta(hours=6))
        opportunity = str(company.salesforce["Opportunity"][0]["Id"])
        servers.salesforce.org.update("Opportunity", opportunity, {"Amount": Decimal("7777.77")})
        garble(servers, "7777.77")
        servers.clock.advance(timedelta(hours=6))
        held = tieout("run", "--json")

        assert held.returncode == 2, held.stderr
        assert opportunity in held.stderr
        with duckdb.connect(paths().published_file, read_only=True) as reader:
            row = reader.execute(
                "select run_id, last_attempt_status, last_attempt_reason from publication_status"
            ).fetchone()
        assert row is not None
        assert row[:2] == (snapshot, "held")
        assert opportunity in row[2]
