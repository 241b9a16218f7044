"""The case database and the result file: exact in, exact out, with the engine's part by hand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from case_rows import case, contract, event, line

from pipelines.cases.comparison import compare
from pipelines.cases.database import write_database
from pipelines.cases.results import money_text, read_results
from pipelines.cases.tables import RELATIONS, arrow_tables
from pipelines.config import Paths

OUTPUT = {
    "int_revenue_allocations": (
        "contract_key varchar, line_key varchar, modification_id varchar, amount_minor bigint",
        [
            ("A|K1", "A|K1|1", None, 6001),
            ("A|K1", "A|K1|2", None, 3999),
            ("A|K1", "A|K1|1", "M", 6001),
            ("A|K1", "A|K1|2", "M", 4999),
        ],
    ),
    "int_revenue_postings": (
        "contract_key varchar, line_key varchar, period_no integer, service_on date, "
        "posted_on date, posting_kind varchar, amount_minor bigint",
        [
            ("A|K1", "A|K1|1", 13, "2025-01-31", "2025-02-01", "ratable", 500),
            ("A|K1", "A|K1|1", 14, "2025-02-28", "2025-02-28", "ratable", 501),
            ("A|K1", None, 14, "2025-02-28", "2025-02-28", "true_up", 10),
            ("A|K2", "A|K2|3", 14, "2025-02-28", "2025-02-28", "delivery", 7),
        ],
    ),
    "int_revenue_modifications": (
        "contract_key varchar, modification_id varchar, treatment varchar, catch_up_minor bigint",
        [("A|K1", "M", "prospective", 0)],
    ),
    "int_revenue_balances": (
        "contract_key varchar, as_of date, measure varchar, period_id varchar, basis varchar, "
        "amount_minor bigint",
        [("A|K1", "2025-02-28", "rpo", None, "contract", 8999)],
    ),
    "int_revenue_bookings": (
        "contract_key varchar, modification_id varchar, line_key varchar, period_id varchar, "
        "measure varchar, amount_minor bigint",
        [("A|K1", None, None, None, "mrr", 833)],
    ),
    "int_revenue_functional_allocations": (
        "contract_key varchar, line_key varchar, modification_id varchar, amount_fn_minor bigint",
        [("A|K2", "A|K2|3", None, 14)],
    ),
    "int_revenue_functional_postings": (
        "contract_key varchar, line_key varchar, posted_on date, amount_fn_minor bigint",
        [("A|K2", "A|K2|3", "2025-02-28", 14)],
    ),
    "int_revenue_invoices": (
        "contract_key varchar, modification_id varchar, period_id varchar, line_key varchar, "
        "measure varchar, amount_minor bigint",
        [("A|K1", "M", None, "A|K1|2", "proration", 1000)],
    ),
}
PERIODS = (("jan", "2025-01-01", "2025-01-31"), ("feb", "2025-02-01", "2025-02-28"))
TWO_CONTRACTS = case(
    "A",
    contracts=[contract(), contract(contract_id="K2")],
    lines=[
        line(1, price="60.01", ssp="0.0123456789"),
        line(2, price="39.99", ssp="1.00"),
        line(3, contract_id="K2", price="0.07", ssp="0.07"),
    ],
    events=[event(1, "delivery", "2025-02-28", line_id="3", contract_id="K2")],
    periods=PERIODS,
    as_of=("2025-02-28",),
)


@pytest.fixture
def answered(tmp_path: Path) -> Paths:
    paths = Paths(tmp_path / "cases")
    write_database(paths, arrow_tables([TWO_CONTRACTS]))
    with duckdb.connect(paths.warehouse) as connection:
        for name, (columns, rows) in OUTPUT.items():
            connection.execute(f"create table intermediate.{name} ({columns})")
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(f"insert into intermediate.{name} values ({marks})", row)
    return paths


def find(rows: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def test_the_input_is_exact_and_keyed(answered: Paths) -> None:
    with duckdb.connect(answered.warehouse) as connection:
        lines = connection.execute(
            "select line_key, ssp, is_distinct, policy_id "
            "from intermediate.int_revenue_lines order by line_key"
        ).fetchall()
        months = connection.execute(
            "select min(starts_on)::varchar, max(ends_on)::varchar, count(*), "
            "sum((period_no = extract(month from starts_on) + "
            "12 * (extract(year from starts_on) - 2024))::int) from core.dim_accounting_period"
        ).fetchone()

    assert lines[0] == ("A|K1|1", Decimal("0.0123456789"), True, "A")
    assert [row[0] for row in lines] == ["A|K1|1", "A|K1|2", "A|K2|3"]
    assert months == ("2024-01-01", "2026-12-31", 36, 36)


def test_every_relation_is_there_without_rows_too(answered: Paths) -> None:
    with duckdb.connect(answered.warehouse) as connection:
        found = {
            name
            for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()
        }

    assert set(RELATIONS) <= found


def test_revenue_is_summed_by_period_view_and_line(answered: Paths) -> None:
    (result,) = read_results(answered.warehouse, ["A"])
    revenue = result["revenue"]

    def amount(**wanted: Any) -> list[str]:
        return [row["amount"] for row in find(revenue, **wanted)]

    jan = {"contract_id": "K1", "period_id": "jan", "basis": "contract"}
    feb = {"contract_id": "K1", "period_id": "feb", "basis": "contract"}
    assert amount(**jan, line_id="1", view="service") == ["5.00"]
    assert amount(**jan, line_id="1", view="posted") == ["0.00"]
    assert amount(**feb, line_id="1", view="posted") == ["10.01"]
    assert amount(**feb, line_id=None, view="posted") == ["10.11"]
    assert (
        amount(contract_id="K2", period_id="feb", basis="functional", view="posted") == ["0.14"] * 2
    )
    assert not find(revenue, contract_id="K1", basis="functional")


def test_totals_of_an_allocation_are_sums_of_lines(answered: Paths) -> None:
    (result,) = read_results(answered.warehouse, ["A"])

    totals = {
        row["modification_id"]: row["amount"]
        for row in find(result["allocation"], line_id=None, contract_id="K1")
    }
    assert totals == {None: "100.00", "M": "110.00"}
    assert result["modifications"] == [
        {
            "contract_id": "K1",
            "modification_id": "M",
            "treatment": "prospective",
            "catch_up": "0.00",
        }
    ]
    assert result["invoices"][0]["line_id"] == "2"
    assert result["bookings"][0]["amount"] == "8.33"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234, 2, "12.34"), (-5, 0, "-5.00"), (0, 3, "0.000"), (1, 3, "0.001")],
)
def test_an_amount_has_at_least_two_decimals(value: int, decimals: int, text: str) -> None:
    assert money_text(value, decimals) == text


def test_the_comparison_counts_rows_and_names_the_others() -> None:
    row = {
        "contract_id": "K1",
        "line_id": None,
        "period_id": "jan",
        "basis": "contract",
        "view": "posted",
    }
    empty: dict[str, list[Any]] = {
        name: []
        for name in ("allocation", "revenue", "balances", "modifications", "bookings", "invoices")
    }
    expected = {
        **empty,
        "revenue": [
            {**row, "amount": "5.00", "tolerance": "0.01"},
            {**row, "period_id": "feb", "amount": "0.00", "tolerance": "0.00"},
            {**row, "period_id": "mar", "amount": "1.00", "tolerance": "0.00"},
        ],
        "modifications": [
            {
                "contract_id": "K1",
                "modification_id": "M",
                "treatment": "mixed",
                "catch_up": "0.00",
                "tolerance": "0.00",
            }
        ],
    }
    result = {
        **empty,
        "id": "A",
        "revenue": [{**row, "amount": "5.01"}],
        "modifications": [
            {
                "contract_id": "K1",
                "modification_id": "M",
                "treatment": "prospective",
                "catch_up": "0.00",
            }
        ],
    }

    found = compare([{**TWO_CONTRACTS, "expect": expected}], [result])

    assert found.expected["core", "revenue"] == 3
    assert found.agreed["core", "revenue"] == 2
    assert [str(difference) for difference in found.differences] == [
        "A revenue contract_id=K1 period_id=mar basis=contract view=posted: "
        "expected 1.00, got no row",
        "A modifications contract_id=K1 modification_id=M: "
        "expected mixed 0.00, got prospective 0.00",
    ]
    assert not found.core_passed
