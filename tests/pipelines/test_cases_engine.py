"""The engine's models on case files: worked cases, variants of them, and random contracts.

One file and one dbt run for all: a start of dbt costs more than hundreds of contracts.
"""

import csv
import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from case_differences import differences
from random_contracts import MOST_AMENDMENTS, random_case
from test_oracle import without_modification

from pipelines.cases import run_cases
from pipelines.cases.comparison import compare
from pipelines.config import PROJECT_ROOT, Paths

pytestmark = [pytest.mark.integration, pytest.mark.dbt]

WORKED = [
    case
    for file in sorted(Path(__file__).with_name("cases").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]
AMOUNTS = ("price", "list_price", "ssp", "ssp_low", "ssp_high", "option_purchase", "amount")
AMOUNTS += ("transaction_price", "minimum_amount", "constrained_to", "bundle_price")
TABLES = ("contracts", "lines", "rate_bands", "bundles", "fx_rates", "costs", "events")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTHLY = [(f"m{month}", f"2026-{month:02d}-01") for month in range(1, 13)]
DIFFERENTIAL = range(150)
LONG = range(1000, 1040)


def renamed(case: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in case.items() if key != "expect"} | {"id": name}


def larger(case: dict[str, Any]) -> dict[str, Any]:
    """Every amount times 7.3; prices per unit and rates stay, so only sums are asked of it."""

    def scaled(row: dict[str, Any]) -> dict[str, Any]:
        decimals = Decimal(1).scaleb(-case["policy"]["currency_decimals"])
        return {
            name: f"{(Decimal(value) * Decimal('7.3')).quantize(decimals):.2f}"
            if name in AMOUNTS and value is not None
            else value
            for name, value in row.items()
        }

    tables = ("contracts", "lines", "bundles", "costs", "events")
    return renamed(case, f"{case['id']}-larger") | {
        table: [scaled(row) for row in case[table]] for table in tables
    }


def permuted(case: dict[str, Any]) -> dict[str, Any]:
    """The rows of every table in another order, which means nothing."""
    return renamed(case, f"{case['id']}-permuted") | {
        table: list(reversed(case[table])) for table in TABLES
    }


def later(case: dict[str, Any]) -> dict[str, Any]:
    """Every date 48 months later: the same days of months of the same length."""
    moved = shifted({name: case[name] for name in (*TABLES, "ask")})
    return renamed(case, f"{case['id']}-later") | moved


def shifted(value: Any) -> Any:
    """A value with all dates in it 48 months later."""
    if isinstance(value, dict):
        return {name: shifted(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shifted(item) for item in value]
    if isinstance(value, str) and DATE.fullmatch(value):
        return f"{int(value[:4]) + 4}{value[4:]}"
    return value


def yearly(case: dict[str, Any]) -> dict[str, Any]:
    """The case asked for a year and for each of its months."""
    months = [
        {"period_id": name, "starts_on": first, "ends_on": last}
        for (name, first), last in zip(
            MONTHLY, [f"2026-{month:02d}-{end}" for month, end in ENDS], strict=True
        )
    ]
    year = {"period_id": "year", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    return case | {"ask": case["ask"] | {"periods": [*case["ask"]["periods"], year, *months]}}


ENDS = list(zip(range(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))


def last_modification(case: dict[str, Any]) -> tuple[str, str] | None:
    named = [row for row in case["events"] if row["modification_id"] is not None]
    return (named[-1]["modification_id"], named[-1]["on"]) if named else None


@pytest.fixture(scope="module")
def long_contracts() -> list[dict[str, Any]]:
    return [yearly(random_case(seed, MOST_AMENDMENTS, tame=True)) for seed in LONG]


@pytest.fixture(scope="module")
def differential() -> list[dict[str, Any]]:
    return [renamed(random_case(seed, 4, tame=True), f"D{seed}") for seed in DIFFERENTIAL]


@pytest.fixture(scope="module")
def case_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


@pytest.fixture(scope="module")
def answers(
    case_folder: Path,
    long_contracts: list[dict[str, Any]],
    differential: list[dict[str, Any]],
) -> dict[str, dict[str, Any]]:
    shortened = [
        renamed(without_modification(case, last[0]), f"{case['id']}-shortened")
        for case in long_contracts
        if (last := last_modification(case))
    ]
    variants = [variant(case) for case in WORKED for variant in (larger, permuted, later)]
    file = case_folder / "cases.json"
    cases = [*WORKED, *variants, *long_contracts, *shortened, *differential]
    file.write_text(json.dumps(cases), encoding="utf-8")
    run = run_cases(file, Paths(file.parent), lambda _text: None)
    assert [str(held) for held in run.held] == []
    return {result["id"]: result for result in run.results}


def test_worked_cases_agree_to_the_cent(answers: dict[str, dict[str, Any]]) -> None:
    found = compare(WORKED, list(answers.values()))

    assert [str(difference) for difference in found.differences] == []
    assert found.cases_agreed == found.cases


@pytest.mark.usefixtures("answers")
def test_every_posting_is_explained_by_rules_that_have_a_paragraph(case_folder: Path) -> None:
    with duckdb.connect(case_folder / "cases" / "warehouse.duckdb", read_only=True) as database:
        unexplained = database.execute("""
            with

            parts as (

                select contract_key, line_key, period_no, amount_minor
                from intermediate.int_revenue_postings

                union all

                select contract_key, line_key, period_no, -amount_minor
                from intermediate.int_revenue_explanations

            )

            select contract_key, line_key, period_no, sum(amount_minor)
            from parts
            group by all
            having sum(amount_minor) != 0
        """).fetchall()
        codes = database.execute("""
            select amount_rule_code from intermediate.int_revenue_explanations
            union
            select recognition_rule_code from intermediate.int_revenue_explanations
        """).fetchall()

    assert unexplained == []
    with (PROJECT_ROOT / "seeds" / "revenue_rules.csv").open(encoding="utf-8") as seed:
        rules = {row["rule_code"] for row in csv.DictReader(seed)}
    assert {code for (code,) in codes} <= rules


def test_the_order_of_rows_means_nothing(answers: dict[str, dict[str, Any]]) -> None:
    for case in WORKED:
        variant = answers[f"{case['id']}-permuted"]
        assert variant | {"id": case["id"]} == answers[case["id"]]


def test_dates_shifted_by_months_keep_every_amount(answers: dict[str, dict[str, Any]]) -> None:
    for case in WORKED:
        variant = answers[f"{case['id']}-later"]
        assert variant == shifted(answers[case["id"]]) | {"id": variant["id"]}


@pytest.mark.usefixtures("answers")
def test_what_remains_is_allocated_less_recognized(case_folder: Path) -> None:
    with duckdb.connect(case_folder / "cases" / "warehouse.duckdb", read_only=True) as database:
        database.execute("use intermediate")
        compared, different = database.execute("""
            with

            asked as (

                select
                    balances.contract_key,
                    balances.as_of,
                    balances.amount_minor,
                    coalesce(max(steps.step_no), 0) as step_no
                from int_revenue_balances as balances
                inner join int_revenue_contracts as contracts
                    on
                    balances.contract_key = contracts.contract_key
                    and balances.as_of >= contracts.signed_on
                left join int_revenue_steps as steps
                    on
                    balances.contract_key = steps.contract_key
                    and balances.as_of >= steps.occurred_on
                where
                    balances.measure = 'rpo'
                    and balances.period_id is null
                    and balances.contract_key not in (
                        select contract_key from int_revenue_lines where pattern = 'usage'
                    )
                group by balances.contract_key, balances.as_of, balances.amount_minor

            ),

            allocated as (

                select
                    asked.*,
                    sum(allocations.amount_minor) as allocated_minor
                from asked
                inner join (
                    select contract_key, step_no, min(modification_id) as modification_id
                    from int_revenue_versions
                    group by contract_key, step_no
                ) as versions
                    on
                    asked.contract_key = versions.contract_key
                    and asked.step_no = versions.step_no
                inner join int_revenue_allocations as allocations
                    on
                    versions.contract_key = allocations.contract_key
                    and versions.modification_id is not distinct from allocations.modification_id
                group by all

            ),

            recognized as (

                select
                    allocated.contract_key,
                    allocated.as_of,
                    sum(postings.amount_minor) as recognized_minor
                from allocated
                inner join int_revenue_postings as postings
                    on
                    allocated.contract_key = postings.contract_key
                    and allocated.as_of >= postings.posted_on
                    and postings.posting_kind not in ('interest', 'annuity')
                group by all

            )

            select
                count(*),
                count_if(
                    allocated.amount_minor
                    != allocated.allocated_minor - coalesce(recognized.recognized_minor, 0)
                )
            from allocated
            left join recognized using (contract_key, as_of)
            where allocated.contract_key not in (select contract_key from int_revenue_annuities)
        """).fetchone() or (0, 0)

    assert compared > len(DIFFERENTIAL)
    assert different == 0


def test_larger_amounts_keep_the_invariants(answers: dict[str, dict[str, Any]]) -> None:
    for case in WORKED:
        hold_invariants(answers[f"{case['id']}-larger"])


def test_contracts_with_many_amendments_keep_the_invariants(
    answers: dict[str, dict[str, Any]], long_contracts: list[dict[str, Any]]
) -> None:
    for case in long_contracts:
        hold_invariants(answers[case["id"]])


def hold_invariants(result: dict[str, Any]) -> None:
    """Totals are sums of lines, and asset and liability exclude each other."""
    for name, key in (("allocation", "modification_id"), ("revenue", "period_id")):
        sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        totals: dict[tuple[str, ...], Decimal] = {}
        for row in result[name]:
            place = (row["contract_id"], row[key], row["basis"], row.get("view"))
            if row["line_id"] is None:
                totals[place] = Decimal(row["amount"])
            else:
                sums[place] += Decimal(row["amount"])
        true_ups = any(row["measure"] == "true_up" for row in result["invoices"])
        if name == "allocation" or not true_ups:
            assert {place: sums[place] for place in totals} == totals, result["id"]
    balances = {
        (row["contract_id"], row["as_of"], row["measure"]): Decimal(row["amount"])
        for row in result["balances"]
        if row["period_id"] is None and row["basis"] == "contract"
    }
    for (contract, day, measure), amount in balances.items():
        if measure == "contract_asset":
            liability = balances[contract, day, "contract_liability"]
            assert min(amount, liability) == 0 <= max(amount, liability), result["id"]


def test_a_year_is_the_sum_of_its_months(
    answers: dict[str, dict[str, Any]], long_contracts: list[dict[str, Any]]
) -> None:
    months = {name for name, _ in MONTHLY}
    for case in long_contracts:
        sums: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
        for row in answers[case["id"]]["revenue"]:
            if row["period_id"] in months:
                sums[row["line_id"], row["view"]] += Decimal(row["amount"])
            elif row["period_id"] == "year":
                sums[row["line_id"], row["view"]] -= Decimal(row["amount"])
        assert not any(sums.values()), case["id"]


def test_an_amendment_never_rewrites_a_month_before_it(
    answers: dict[str, dict[str, Any]], long_contracts: list[dict[str, Any]]
) -> None:
    compared = 0
    for case in long_contracts:
        last = last_modification(case)
        if last is None:
            continue
        ends = {row["period_id"]: row["ends_on"] for row in case["ask"]["periods"]}
        first = f"{last[1][:7]}-01"
        whole, shortened = (
            {
                (row["period_id"], row["line_id"], row["view"]): row["amount"]
                for row in answers[name]["revenue"]
                if ends[row["period_id"]] < first
            }
            for name in (case["id"], f"{case['id']}-shortened")
        )
        for key, amount in shortened.items():
            assert whole[key] == amount, (case["id"], key)
            compared += 1
    assert compared > 0


def test_engine_and_oracle_agree(
    answers: dict[str, dict[str, Any]], differential: list[dict[str, Any]]
) -> None:
    found = [
        difference
        for case in differential
        for difference in differences(
            case, answers[case["id"]], ["allocation", "revenue", "modifications"]
        )
    ]

    assert found == []
