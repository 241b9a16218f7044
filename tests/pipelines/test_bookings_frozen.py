"""What was reported stays as reported: bookings and ARR of a period are frozen once, for good."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from pipelines.build import run_dbt
from pipelines.config import Paths

pytestmark = [pytest.mark.integration, pytest.mark.dbt]

MODELS = "fct_bookings_frozen fct_arr_frozen fct_bookings_restated fct_arr_restated"
TABLES = """
    create schema core;
    create schema marts;
    create table core.dim_accounting_period as
        select
            'P' || number as period_key, cast(number as integer) as period_no,
            'Month ' || number as period_name, number <= 2 as is_reported
        from range(1, 4) as months (number);
    create table marts.fct_bookings as
        select
            booking_id, period_key, 'L' || booking_id as contract_line_id, 'C' as contract_id,
            'A' as customer_id, 'new' as booking_type, 'USD' as currency_code,
            'USD' as reporting_currency_code, cast(tcv as decimal(18, 3)) as tcv_txn,
            cast(tcv as decimal(18, 3)) as acv_txn, cast(tcv as decimal(18, 3)) as arr_delta_txn,
            cast(tcv as decimal(18, 3)) as tcv_rpt, cast(tcv as decimal(18, 3)) as acv_rpt,
            cast(tcv as decimal(18, 3)) as arr_delta_rpt, date '2024-01-05' as booked_on,
            'R' || booking_id as crm_record_id, 'load' as load_id
        from (values ('kept', 'P1', 100), ('deleted', 'P1', 20), ('moved', 'P1', 30),
            ('changed', 'P2', 40), ('re-parented', 'P2', 50), ('running', 'P3', 60)
        ) as bookings (booking_id, period_key, tcv);
    create table marts.fct_arr_monthly as
        select
            line || period_no as arr_monthly_id, line as contract_line_id, 'C' as contract_id,
            'A' as customer_id, 'A' as arr_customer_id, 'P' || period_no as period_key,
            cast(period_no as integer) as period_no, 'EUR' as currency_code,
            'USD' as reporting_currency_code, cast(100 as decimal(18, 3)) as arr_end_txn,
            cast(110 as decimal(18, 3)) as arr_end_rpt,
            cast(1.1 as decimal(28, 10)) as fx_rate, 'R' as crm_record_id, 'load' as load_id
        from range(1, 4) as months (period_no)
        cross join (values ('kept'), ('gone'), ('re-parented'), ('changed')) as lines (line);
"""
LATER = """
    delete from marts.fct_bookings where booking_id = 'deleted';
    update marts.fct_bookings set period_key = 'P3' where booking_id = 'moved';
    update marts.fct_bookings set tcv_txn = 45, tcv_rpt = 45 where booking_id = 'changed';
    update marts.fct_bookings set customer_id = 'B' where booking_id = 're-parented';
    insert into marts.fct_bookings
        select * replace ('late' as booking_id, 'P1' as period_key)
        from marts.fct_bookings where booking_id = 'kept';
    delete from marts.fct_arr_monthly where contract_line_id = 'gone';
    update marts.fct_arr_monthly set arr_customer_id = 'B' where contract_line_id = 're-parented';
    update marts.fct_arr_monthly set arr_end_txn = 90, arr_end_rpt = 99
        where contract_line_id = 'changed';
    update marts.fct_arr_monthly set arr_end_rpt = 120 where contract_line_id = 'kept';
    update core.dim_accounting_period set is_reported = true;
"""


def change(paths: Paths, statements: str) -> None:
    with duckdb.connect(paths.warehouse) as connection:
        connection.execute(statements)


def run(paths: Paths, *options: str) -> None:
    run_dbt(paths, ["run", "--select", MODELS, *options], lambda _text: None)


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Two months frozen, then the records move, the third month is due, and all is rebuilt."""
    paths = Paths(tmp_path_factory.mktemp("frozen"))
    change(paths, TABLES)
    run(paths)
    change(paths, LATER)
    run(paths, "--full-refresh")
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        yield connection


def test_reported_bookings_stay_and_the_next_period_is_frozen_as_it_is(
    frozen: duckdb.DuckDBPyConnection,
) -> None:
    rows = frozen.execute(
        "select booking_id, period_key, customer_id, tcv_rpt from marts.fct_bookings_frozen"
    ).fetchall()

    assert sorted(rows) == [
        ("changed", "P2", "A", 40),
        ("deleted", "P1", "A", 20),
        ("kept", "P1", "A", 100),
        ("moved", "P1", "A", 30),
        ("moved", "P3", "A", 30),
        ("re-parented", "P2", "A", 50),
        ("running", "P3", "A", 60),
    ]


def test_every_booking_that_moved_says_what_moved(frozen: duckdb.DuckDBPyConnection) -> None:
    rows = frozen.execute(
        "select booking_id, what_moved, restated_tcv_rpt from marts.fct_bookings_restated"
    ).fetchall()

    assert sorted(rows) == [
        ("changed", "amount_changed", 5),
        ("deleted", "deleted", -20),
        ("late", "booked_late", 100),
        ("moved", "moved_to_another_period", -30),
        ("re-parented", "re_parented", 0),
    ]


def test_reported_arr_stays_and_says_what_moved(frozen: duckdb.DuckDBPyConnection) -> None:
    totals = frozen.execute(
        "select period_key, sum(arr_end_rpt) from marts.fct_arr_frozen group by all order by 1"
    ).fetchall()
    rows = frozen.execute(
        "select contract_line_id, period_key, what_moved, restated_arr_rpt "
        "from marts.fct_arr_restated where period_key = 'P1'"
    ).fetchall()

    assert totals == [("P1", Decimal(440)), ("P2", Decimal(440)), ("P3", Decimal(329))]
    assert sorted(rows) == [
        ("changed", "P1", "amount_changed", -11),
        ("gone", "P1", "gone", -110),
        ("kept", "P1", "rate_changed", 10),
        ("re-parented", "P1", "re_parented", 0),
    ]
