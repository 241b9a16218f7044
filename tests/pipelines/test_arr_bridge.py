"""The ARR bridge on worked deals that both systems keep otherwise; one dbt run for all of them."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import pytest

from pipelines.build import run_dbt
from pipelines.config import PROJECT_ROOT, Paths

pytestmark = [pytest.mark.integration, pytest.mark.dbt]

SELECTION = ("run", "--select", "+fct_arr_bridge,path:models/engine", "fct_arr_bridge")
CORE = """
    create schema core;
    create table core.dim_currency as
        select 'USD' as currency_code, 100::bigint as minor_units_per_major,
            0.01::decimal(9, 3) as minor_unit_value, true as is_reporting_currency;
    create table core.dim_product as
        select unnest(['Seats', 'True-up']) as product_id, product_id = 'Seats' as is_recurring,
            true as is_tagged_recurring;
    create table core.dim_customer (customer_id varchar, parent_customer_id varchar);
    create table core.dim_contract (
        contract_id varchar, customer_id varchar, renewed_contract_id varchar);
    create table core.dim_arr_override (
        customer_id varchar, amount_minor bigint, applies_from date, applies_to date);
    insert into core.dim_arr_override
        values ('override', -500000, date '2024-06-01', date '2024-12-31');
    create table core.dim_arr_bridge_reason as
        select * replace (cast(bridge_step_no as integer) as bridge_step_no),
            reason_class = 'endpoint' as is_endpoint
        from read_csv('{seed}');
    create table core.dim_accounting_period (
        period_key varchar, period_no integer, period_name varchar, is_reporting_period boolean,
        has_ended boolean, starts_on date, ends_on date);
    create table core.fct_contract_lines (
        witness varchar, contract_line_id varchar, contract_line_version_id varchar,
        contract_id varchar, customer_id varchar, witness_customer_id varchar,
        product_id varchar, record_id varchar, load_id varchar, duplicate_of_record_id varchar,
        version_no integer, change_kind varchar, deal_kind varchar, ramp_group varchar,
        currency_code varchar, recognition_pattern varchar, usage_price decimal(28, 10),
        quantity decimal(18, 4), amount_minor bigint, rate_numerator bigint,
        rate_denominator bigint, known_on date, starts_on date, ends_on date,
        service_ends_on date);
"""
INSERT = """
    insert into core.fct_contract_lines values (
        $witness, $line, $version, $contract, $customer, $under, $product, $record, 'load',
        $repeats, $number, $change, $deal, $ramp, 'USD', 'ratable', null, $quantity, $amount, 1, 1,
        $signed, $starts, $ends, $ends)
"""
YEAR = ("2024-01-01", "2024-12-31")
BOTH = ("crm", "erp")


@dataclass(frozen=True)
class Kept:
    """A version as systems keep it; `line` is contract and line with a dot between.

    Attributes:
        amount: thousands of dollars for all units and days.
        under: customer of the ERP, if not the CRM's.
        repeats: it says another record again.
    """

    line: str
    amount: int
    term: tuple[str, str] = YEAR
    systems: tuple[str, ...] = BOTH
    signed: str = "2023-12-10"
    quantity: int = 10
    change: str = "initial"
    deal: str = "new"
    product: str = "Seats"
    ramp: str | None = None
    under: str | None = None
    repeats: str | None = None


@dataclass(frozen=True)
class Deal:
    """A customer's versions, and its bridge at the end of a month, in thousands of dollars."""

    customer: str
    month: str
    kept: tuple[Kept, ...]
    bridge: dict[str, int]
    renews: tuple[str, str] | None = None


NEXT = ("2025-01-01", "2025-12-31")
HALF = ("2024-07-01", "2024-12-31")
RAMP = [(f"{2023 + step}-01-01", f"{2023 + step}-12-31") for step in (1, 2, 3)]
DEALS = (
    Deal("plain", "2024-06", (Kept("A.1", 120),), {"sales_arr": 120, "finance_arr": 120}),
    Deal(
        "signed", "2024-11",
        (Kept("B.1", 120), Kept("B2.1", 150, NEXT, signed="2024-11-05", deal="renewal")),
        {"sales_arr": 150, "signed_not_started": -30, "finance_arr": 120},
        ("B2", "B"),
    ),
    Deal(
        "ramp", "2024-06",
        tuple(Kept(f"C.{at}", 100 * at, term, ramp="R") for at, term in enumerate(RAMP, start=1)),
        {"sales_arr": 300, "ramp_steps_not_effective": -200, "finance_arr": 100},
    ),
    Deal(
        "true-up", "2024-06", (Kept("D.1", 120), Kept("D.2", 20, product="True-up")),
        {"sales_arr": 140, "one_time_tagged_recurring": -20, "finance_arr": 120},
    ),
    Deal(
        "past its end", "2025-02", (Kept("E.1", 120),),
        {"sales_arr": 120, "past_end_without_renewal": -120},
    ),
    Deal(
        "in grace", "2025-01", (Kept("F.1", 120, ("2024-01-16", "2025-01-15")),),
        {"sales_arr": 120, "finance_arr": 120},
    ),
    Deal(
        "evergreen", "2025-02",
        (Kept("G.1", 120), Kept("G2.1", 130, NEXT, ("erp",), signed="2024-12-31")),
        {"sales_arr": 120, "past_end_without_renewal": -120, "evergreen_not_in_crm": 130,
         "finance_arr": 130},
    ),
    Deal(
        "cancelled in the CRM", "2024-08",
        (Kept("H.1", 366), Kept("H.1", -184, HALF, ("crm",), "2024-06-20", -10, "cancellation",
                                "amendment")),
        {"sales_arr": 1, "annualization_convention": -1, "cancellation_known_to_one_side": 366,
         "finance_arr": 366},
    ),
    Deal(
        "twice in the CRM", "2024-06",
        (Kept("I.1", 120), Kept("I.2", 120, systems=("crm",), repeats="I.1")),
        {"sales_arr": 240, "duplicate": -120, "finance_arr": 120},
    ),
    Deal(
        "twice in the ERP", "2024-06",
        (Kept("J.1", 120), Kept("J.1", 120, systems=("erp",), repeats="J.1")),
        {"sales_arr": 120, "duplicate": 120, "finance_arr": 240},
    ),
    Deal(
        "child", "2024-06", (Kept("K.1", 120, under="parent"),),
        {"sales_arr": 120, "account_hierarchy": -120},
    ),
    Deal("parent", "2024-06", (), {"account_hierarchy": 120, "finance_arr": 120}),
    Deal(
        "not in the ERP", "2024-06", (Kept("L.1", 120, systems=("crm",)),),
        {"sales_arr": 120, "missing_in_erp": -120},
    ),
    Deal(
        "not in the CRM", "2024-06", (Kept("M.1", 120, systems=("erp",)),),
        {"missing_in_crm": 120, "finance_arr": 120},
    ),
    Deal(
        "later in the ERP", "2024-01",
        (Kept("N.1", 120, systems=("crm",)), Kept("N.1", 120, ("2024-02-10", "2025-02-09"),
                                                  ("erp",))),
        {"sales_arr": 120, "service_dates_differ": -120},
    ),
    Deal(
        "dearer in the ERP", "2024-06",
        (Kept("O.1", 120, systems=("crm",)), Kept("O.1", 125, systems=("erp",))),
        {"sales_arr": 120, "amount_differs": 5, "finance_arr": 125},
    ),
    Deal(
        "override", "2024-06", (Kept("P.1", 120),),
        {"sales_arr": 120, "override": -5, "finance_arr": 115},
    ),
)  # fmt: skip


def fill(connection: duckdb.DuckDBPyConnection, deal: Deal) -> None:
    """One deal in the contract grain; versions of a line that both systems name are the same."""
    connection.execute("insert into core.dim_customer values (?, null)", [deal.customer])
    for contract in {each.line.partition(".")[0] for each in deal.kept}:
        renewed = deal.renews[1] if deal.renews and deal.renews[0] == contract else None
        connection.execute(
            "insert into core.dim_contract values (?, ?, ?)", [contract, deal.customer, renewed]
        )
    for number, kept in enumerate(deal.kept):
        same = kept.change == "initial" and kept.repeats is None
        version = f"{kept.line}/" + ("first" if same else str(number))
        for system in kept.systems:
            values = {
                "witness": system, "line": kept.line, "version": version,
                "contract": kept.line.partition(".")[0], "customer": deal.customer,
                "under": (system == "erp" and kept.under) or deal.customer,
                "product": kept.product, "record": f"{system}:{version}", "repeats": kept.repeats,
                "number": number + 1, "change": kept.change, "deal": kept.deal, "ramp": kept.ramp,
                "quantity": kept.quantity, "amount": kept.amount * 100_000, "signed": kept.signed,
                "starts": kept.term[0], "ends": kept.term[1],
            }  # fmt: skip
            connection.execute(INSERT, values)


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """All deals, through the models."""
    paths = Paths(tmp_path_factory.mktemp("bridge"))
    with duckdb.connect(paths.warehouse) as connection:
        connection.execute(CORE.format(seed=PROJECT_ROOT / "seeds" / "arr_bridge_reasons.csv"))
        months = [(year, month) for year in (2024, 2025) for month in range(1, 13)]
        for number, (year, month) in enumerate(months, start=1):
            first, days = date(year, month, 1), calendar.monthrange(year, month)[1]
            connection.execute(
                "insert into core.dim_accounting_period values (?, ?, ?, ?, true, ?, ?)",
                [str(number), number, f"{year}-{month:02d}", number == len(months), first,
                 first.replace(day=days)],
            )  # fmt: skip
        for deal in DEALS:
            fill(connection, deal)
    run_dbt(paths, [*SELECTION], lambda _text: None)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        yield connection


@pytest.mark.parametrize("deal", DEALS, ids=lambda deal: deal.customer)
def test_a_worked_deal_is_bridged_as_written(bridge: duckdb.DuckDBPyConnection, deal: Deal) -> None:
    rows = bridge.execute(
        "select bridge_reason, amount_rpt / 1000 from marts.fct_arr_bridge "
        "where arr_customer_id = ? and period_name = ? order by bridge_step_no",
        [deal.customer, deal.month],
    ).fetchall()

    assert {reason: round(amount, 0) for reason, amount in rows} == deal.bridge


def test_every_customer_and_month_is_bridged_without_a_rest(
    bridge: duckdb.DuckDBPyConnection,
) -> None:
    torn = bridge.execute("""
        select arr_customer_id, period_name from marts.fct_arr_bridge
        group by all
        having sum(case when bridge_reason = 'finance_arr' then -amount_rpt else amount_rpt end)
            != 0 or bool_or(bridge_reason = 'unexplained')
    """).fetchall()

    assert torn == []
