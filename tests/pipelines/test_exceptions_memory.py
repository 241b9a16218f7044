"""What exceptions remember from one build to the next, by the models themselves.

Builds on the hand-made build file, read at the ends of December, January and February. In December
a price break of 114.99 USD and a missing order of 550.00 are open; then one is explained by its id
and both by their contract. In January the price break has moved to 120.00 and the order is there;
in February the order is missing again.
"""

import io
import json
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pytest
from rich.console import Console
from small_warehouse import change_warehouse, make_warehouse, pass_gates

from pipelines.build import run_dbt
from pipelines.config import PROJECT_ROOT, Paths
from pipelines.exceptions import Selection, show_exceptions
from pipelines.exceptions_register import EXPLANATIONS, Decision, decide
from pipelines.publish import publish
from pipelines.register import Register

pytestmark = [pytest.mark.integration, pytest.mark.dbt]

MODELS = (
    "path:models/exceptions",
    "fct_exception_history",
    "fct_exceptions",
    "fct_exception_decisions",
)
# What the models read beside the reconciliation, and no memory of an earlier build.
SURROUNDINGS = (
    "create table core.dim_currency as select 'USD' currency_code, true is_reporting_currency",
    """
    create table intermediate.int_chain_entities as
    select contract_line_id, '1' as entity_id, 'Acme Inc' as entity_name
    from (select distinct contract_line_id from marts.fct_reconciliation) as lines
    """,
    "create schema seeds",
    """
    create table seeds.materiality as
    select '*' as entity, 200::decimal(18, 3) as absolute_rpt, null::decimal(7, 4) as percent
    """,
    "drop table marts.fct_exception_history",
)
PERIOD = """
    update core.dim_accounting_period set is_reporting_period = false;
    insert into core.dim_accounting_period
    values ('{no}', {no}, '{name}', 'open', true, true, '{start}', '{end}');
    update intermediate.int_reporting_dates set as_of_date = '{end}';
    update marts.fct_reconciliation set is_reporting_period = false;
    insert into marts.fct_reconciliation
    select * replace (
        contract_line_id || '/{no}' as reconciliation_id, '{no}' as period_key, {no} as period_no,
        '{name}' as period_name, true as is_reporting_period
    )
    from marts.fct_reconciliation where period_no = 2;
    update marts.fct_reconciliation_reasons set is_reporting_period = false;
    insert into marts.fct_reconciliation_reasons
    select * replace (
        contract_line_id || '/{no}' as reconciliation_id,
        concat_ws('/', contract_line_id, '{no}', reason_code) as reconciliation_reason_id,
        '{no}' as period_key, {no} as period_no, '{name}' as period_name,
        true as is_reporting_period,
        case when reason_code = 'price_mismatch' then 120 else amount_rpt end as amount_rpt
    )
    from marts.fct_reconciliation_reasons
    where period_no = 2 and ({codes});
"""
JANUARY = PERIOD.format(
    no=3, name="Jan 2026", start="2026-01-01", end="2026-01-31", codes="reason_code like 'price%'"
)
FEBRUARY = PERIOD.format(
    no=4, name="Feb 2026", start="2026-02-01", end="2026-02-28", codes="reason_class = 'break'"
)


@dataclass
class Company:
    """A data folder, its register of decisions, and what was seen after each build."""

    paths: Paths
    register: Register
    seen: dict[str, dict[str, dict[str, Any]]]

    def build(self, month: str, *options: str) -> None:
        """Run the models, publish, and keep the exceptions by reason code."""
        change_warehouse(
            self.paths,
            f"""
            create or replace table seeds.exception_explanations as
            select * from read_csv(
                '{self.register.path}', header = true, auto_detect = false, columns = {{{_types()}}}
            )
            """,
        )
        run_dbt(self.paths, ["run", *options, "--select", *MODELS], lambda _text: None)
        pass_gates(self.paths)
        publish(self.paths, month, "somewhere")
        out = io.StringIO()
        show_exceptions(Console(file=out), self.paths, Selection("all"), as_json=True)
        self.seen[month] = {row["reason_code"]: row for row in json.loads(out.getvalue())}

    def explain(self, *ids: str, reason: str, selection: Selection | None = None) -> None:
        """Decide about exceptions of the last build."""
        decide(
            Console(file=io.StringIO()),
            self.paths,
            Decision(reason, "Jane"),
            ids,
            selection or Selection(),
            register=self.register,
        )


def _types() -> str:
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415

    text = (PROJECT_ROOT / "seeds" / "_seeds.yml").read_text(encoding="utf-8")
    seeds = yaml.safe_load(text)["seeds"]
    register = next(seed for seed in seeds if seed["name"] == "exception_explanations")
    types = register["config"]["column_types"]
    assert tuple(types) == EXPLANATIONS.columns
    return ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items())


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    folder = tmp_path_factory.mktemp("memory")
    register = replace(EXPLANATIONS, path=folder / "register.csv")
    register.path.write_text(",".join(register.columns) + "\n", encoding="utf-8")
    made = Company(make_warehouse(folder / "data"), register, {})
    change_warehouse(made.paths, *SURROUNDINGS)

    made.build("December")
    made.explain(made.seen["December"]["missing_in_erp"]["exception_id"], reason="On its way")
    made.explain(reason="One deal", selection=Selection(contract="C-2"))
    change_warehouse(made.paths, JANUARY)
    made.build("January", "--full-refresh")
    change_warehouse(made.paths, FEBRUARY)
    made.build("February")
    return made


def test_a_first_build_opens_what_it_finds(company: Company) -> None:
    found = company.seen["December"]

    assert {code: row["status"] for code, row in found.items()} == {
        "missing_in_erp": "open",
        "price_mismatch": "open",
    }
    assert {row["first_seen_on"] for row in found.values()} == {"2025-12-31"}
    assert found["missing_in_erp"]["is_material"]
    assert not found["price_mismatch"]["is_material"]


def test_a_bulk_decision_explains_each_it_covers_and_the_last_one_counts(company: Company) -> None:
    found = company.seen["February"]

    assert {row["explanation"] for row in found.values()} == {"One deal"}
    assert found["missing_in_erp"]["status"] == "explained"
    with duckdb.connect(company.paths.published_file, read_only=True) as reader:
        decisions = reader.execute("""
            select decision_no, selected_by, covered_count, covered_amount_rpt, count(*)
            from fct_exception_decisions group by all order by 1
        """).fetchall()
    assert [
        (no, by, covered, str(amount), rows) for no, by, covered, amount, rows in decisions
    ] == [
        (1, "id", 1, "550.000", 1),
        (2, "contract=C-2", 2, "664.990", 2),
    ]


def test_first_seen_outlives_a_full_refresh_and_a_changed_amount(company: Company) -> None:
    before, after = (company.seen[month]["price_mismatch"] for month in ("December", "January"))

    assert after["exception_id"] == before["exception_id"]
    assert after["first_seen_on"] == "2025-12-31"
    assert after["first_seen_at"] == before["first_seen_at"]
    assert after["last_seen_on"] == "2026-01-31"
    assert (after["first_period_name"], after["age_periods"]) == ("Nov 2025", 3)
    assert after["age_days"] == 62


def test_an_explanation_expires_when_its_amount_moves(company: Company) -> None:
    after = company.seen["January"]["price_mismatch"]

    assert (after["status"], after["expired_because"]) == ("expired_explanation", "amount_moved")
    assert after["is_open"]
    assert (after["amount_rpt"], after["explained_amount_rpt"]) == ("120.000", "114.990")


def test_what_is_gone_is_cleared_and_stays_listed(company: Company) -> None:
    gone = company.seen["January"]["missing_in_erp"]

    assert (gone["status"], gone["cleared_on"]) == ("cleared", "2026-01-31")
    assert (gone["amount_rpt"], gone["largest_amount_rpt"]) == ("0.000", "550.000")
    assert gone["last_seen_on"] == "2025-12-31"


def test_what_comes_back_keeps_its_first_day_and_its_explanation(company: Company) -> None:
    back = company.seen["February"]["missing_in_erp"]

    assert (back["reopened_count"], back["first_seen_on"]) == (1, "2025-12-31")
    assert back["cleared_on"] is None
    # The amount that was explained is the amount that came back.
    assert back["status"] == "explained"
    assert company.seen["February"]["price_mismatch"]["reopened_count"] == 0


def test_the_history_has_a_state_for_each_change_and_none_for_a_build_without(
    company: Company,
) -> None:
    with duckdb.connect(company.paths.published_file, read_only=True) as reader:
        states = reader.execute("""
            select reason_code, state_change, seen_from::varchar, seen_until::varchar
            from fct_exception_history order by reason_code, state_no
        """).fetchall()

    assert states == [
        ("missing_in_erp", "opened", "2025-12-31", "2025-12-31"),
        ("missing_in_erp", "cleared", "2026-01-31", "2026-01-31"),
        ("missing_in_erp", "reopened", "2026-02-28", "2026-02-28"),
        ("price_mismatch", "opened", "2025-12-31", "2025-12-31"),
        ("price_mismatch", "moved", "2026-01-31", "2026-02-28"),
    ]
