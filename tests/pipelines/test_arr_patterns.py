"""The ARR models on worked deals, one customer a deal; one dbt run for all of them."""

import calendar
import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from arr_patterns import OTHERWISE, PATTERNS, Pattern

from pipelines.build import run_dbt
from pipelines.config import Paths

pytestmark = [pytest.mark.integration, pytest.mark.dbt]

MONTHS = [(year, month) for year in (2024, 2025, 2026, 2027) for month in range(1, 13)]
LABELS = {"new", "expansion", "contraction", "churn", "renewal", "reactivation"}
BOOKING_TYPES = {
    "new", "renewal", "expansion", "contraction", "churn", "reactivation", "amendment_neutral",
}  # fmt: skip
CAUSES = {
    "started", "amended", "ramp_step", "used", "cancelled", "renewed", "expired",
    "dropped_at_renewal",
}  # fmt: skip
SELECTION = (
    "run", "--select", "+fct_arr_movements,path:models/engine/bookings",
    "+int_bookings_classified,path:models/engine/bookings", "fct_arr_movements", "fct_arr_monthly",
)  # fmt: skip
CORE = """
    create schema core;
    create table core.dim_currency as
        select 'USD' as currency_code, 100::bigint as minor_units_per_major,
            0.01::decimal(9, 3) as minor_unit_value, true as is_reporting_currency;
    create table core.dim_source as
        select unnest(['salesforce', 'netsuite']) as source_name, 'https://x/' as record_url_prefix;
    create table core.dim_product as
        select unnest([
            'Seats', 'Seats Plus', 'Platform', 'Calls', 'Setup', 'True-up']) as product_id,
            product_id not in ('Calls', 'Setup', 'True-up') as is_recurring;
    create table core.dim_customer (customer_id varchar, parent_customer_id varchar);
    create table core.dim_contract (
        contract_id varchar, customer_id varchar, renewed_contract_id varchar);
    create table core.dim_contract_line (
        contract_line_id varchar, contract_line_version_id varchar, version_no integer,
        erp_record_id varchar, erp_header_record_id varchar);
    create table core.fct_usage (
        contract_line_version_id varchar, used_on date, quantity decimal(28, 10));
    create table core.dim_accounting_period (
        period_key varchar, period_no integer, period_name varchar, is_reporting_period boolean,
        has_ended boolean, starts_on date, ends_on date);
    create table core.fct_contract_lines (
        witness varchar, contract_line_id varchar, contract_line_version_id varchar,
        contract_id varchar, customer_id varchar, product_id varchar, record_id varchar,
        load_id varchar, version_no integer, change_kind varchar, deal_kind varchar,
        ramp_group varchar, currency_code varchar, recognition_pattern varchar,
        usage_price decimal(28, 10), quantity decimal(18, 4), amount_minor bigint,
        rate_numerator bigint, rate_denominator bigint, known_on date, starts_on date,
        ends_on date);
"""
KINDS = {"Calls": "usage", "Setup": "point_in_time"}


def fill(connection: duckdb.DuckDBPyConnection, pattern: Pattern) -> None:
    """One deal in the contract grain."""
    connection.execute("insert into core.dim_customer values (?, null)", [pattern.name])
    for contract in {each.contract for each in pattern.sold}:
        connection.execute(
            "insert into core.dim_contract values (?, ?, ?)",
            [contract, pattern.name, pattern.renews.get(contract)],
        )
    for number, sold in enumerate(pattern.sold):
        version = f"{sold.line}/{number}"
        connection.execute(
            "insert into core.fct_contract_lines values ('crm', ?, ?, ?, ?, ?, ?, 'load', ?, ?, "
            "?, ?, 'USD', ?, ?, ?, ?, 1, 1, ?, ?, ?)",
            [
                sold.line, version, sold.contract, pattern.name, sold.product, version, number + 1,
                sold.change, sold.deal, sold.ramp, KINDS.get(sold.product, "ratable"),
                sold.use_price, sold.quantity, sold.amount * 100, sold.booked, sold.starts,
                sold.ends,
            ],
        )  # fmt: skip
    for line, day, units in pattern.used:
        connection.execute("insert into core.fct_usage values (?, ?, ?)", [f"{line}/0", day, units])


def open_marts(folder: Path, variables: dict[str, object]) -> Iterator[duckdb.DuckDBPyConnection]:
    """All deals, through the models."""
    paths = Paths(folder)
    with duckdb.connect(paths.warehouse) as connection:
        connection.execute(CORE)
        for number, (year, month) in enumerate(MONTHS, start=1):
            last = date(year, month, calendar.monthrange(year, month)[1])
            connection.execute(
                "insert into core.dim_accounting_period values (?, ?, ?, ?, true, ?, ?)",
                [str(number), number, f"{year}-{month:02d}", number == len(MONTHS),
                 date(year, month, 1), last],
            )  # fmt: skip
        for pattern in PATTERNS:
            fill(connection, pattern)
    run_dbt(paths, [*SELECTION, "--vars", json.dumps(variables)], lambda _text: None)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from open_marts(tmp_path_factory.mktemp("arr"), {})


@pytest.fixture(scope="module")
def other_marts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from open_marts(
        tmp_path_factory.mktemp("arr-otherwise"),
        {
            "arr_grace_days": 0,
            "arr_new_again_after_days": 90,
            "arr_ramp_policy": "exit",
            "arr_usage_policy": "hybrid",
        },
    )


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_a_worked_deal_moves_arr_as_written(
    marts: duckdb.DuckDBPyConnection, pattern: Pattern
) -> None:
    moved = marts.execute(
        "select period_name, contract_line_id, movement, arr_movement_txn, cause, seat_txn, "
        "price_txn, mix_txn from marts.fct_arr_movements where customer_id = ?",
        [pattern.name],
    ).fetchall()
    balances = {
        (line, month, column): marts.execute(
            f"select {column}_txn from marts.fct_arr_monthly "
            "where contract_line_id = ? and period_name = ?",
            [line, month],
        ).fetchone()
        for line, month, column in pattern.balances
    }

    assert sorted(row[:4] for row in moved) == sorted(pattern.movements)
    assert balances == {key: (Decimal(value),) for key, value in pattern.balances.items()}
    causes = {(row[1], row[0]): row[4] for row in moved}
    assert causes | pattern.causes == causes
    split = {(row[1], row[0]): row[5:] for row in moved if row[2] != "renewal"}
    assert split | pattern.split == split


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_policy_moves_the_same_deal_otherwise(
    other_marts: duckdb.DuckDBPyConnection, name: str
) -> None:
    moved = other_marts.execute(
        "select period_name, contract_line_id, movement, arr_movement_txn "
        "from marts.fct_arr_movements where customer_id = ?",
        [name],
    ).fetchall()

    assert sorted(moved) == sorted(OTHERWISE[name])


def test_the_deals_produce_every_movement_and_every_cause(
    marts: duckdb.DuckDBPyConnection, other_marts: duckdb.DuckDBPyConnection
) -> None:
    found = [
        row
        for connection in (marts, other_marts)
        for row in connection.execute(
            "select movement, cause from marts.fct_arr_movements"
        ).fetchall()
    ]

    assert {movement for movement, _ in found} == LABELS
    assert {cause for _, cause in found} == CAUSES


@pytest.mark.parametrize(
    "pattern", [each for each in PATTERNS if each.booked], ids=lambda pattern: pattern.name
)
def test_a_worked_deal_is_booked_as_written(
    marts: duckdb.DuckDBPyConnection, pattern: Pattern
) -> None:
    booked = marts.execute(
        "select booking_type, cast(arr_delta_minor / 100 as integer), "
        "cast(contract_acv_minor / 100 as integer) from intermediate.int_bookings_classified "
        "where customer_id = ? order by cast(split_part(contract_line_version_id, '/', 2) as int)",
        [pattern.name],
    ).fetchall()

    assert booked == list(pattern.booked)


def test_the_deals_are_booked_as_every_type(marts: duckdb.DuckDBPyConnection) -> None:
    found = marts.execute("select booking_type from intermediate.int_bookings_classified")

    assert {booking_type for (booking_type,) in found.fetchall()} == BOOKING_TYPES


@pytest.mark.parametrize("fixture", ["marts", "other_marts"])
def test_bookings_and_movements_agree_on_who_is_new_or_back(
    request: pytest.FixtureRequest, fixture: str
) -> None:
    connection: duckdb.DuckDBPyConnection = request.getfixturevalue(fixture)
    disagreeing = connection.execute("""
        with started as (
            select contract_line_id, arg_min(movement, period_no) as movement
            from marts.fct_arr_movements
            where cause = 'started'
            group by contract_line_id
        )
        select bookings.contract_line_id, bookings.booking_type, started.movement
        from intermediate.int_bookings_classified as bookings
        inner join started on bookings.contract_line_id = started.contract_line_id
        where bookings.change_kind = 'initial' and bookings.is_recurring
            and started.movement in ('new', 'reactivation')
            and bookings.booking_type != started.movement
    """).fetchall()

    assert disagreeing == []
