"""The engine's input relations as Arrow tables.

Numbers become exact decimals, keys become unique in the file: a contract is known by case and
contract, a line by case, contract and line. Everything else is renamed at most.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from pipelines.cases.held import Row

NUMBER: Final = pa.decimal128(28, 10)
POLICY: Final = (
    "proration day_boundary end_date pricing_term allocation_residual schedule_residual "
    "residual_fallback variable_allocation ramp modification option_exercise credit_note "
    "breakage minimum tiered_usage tier_reset receivable_on fx financing"
)

#: relation -> its columns by type
RELATIONS: Final[dict[str, dict[str, pa.DataType]]] = {}


def _relation(name: str, **columns: str) -> None:
    types = {
        "text": pa.string(),
        "number": NUMBER,
        "date": pa.date32(),
        "flag": pa.bool_(),
        "whole": pa.int32(),
    }
    RELATIONS[name] = {
        column: types[kind] for kind, listed in columns.items() for column in listed.split()
    }


_relation(
    "int_revenue_policies",
    text=f"policy_id {POLICY}",
    whole="anchor_day",
    number="variable_test_tolerance",
)
_relation(
    "int_revenue_contracts",
    text="contract_key policy_id rate_set customer_id currency functional_currency "
    "minimum_period compounding",
    whole="currency_decimals",
    date="signed_on cancel_right_from books_closed_through",
    number="transaction_price minimum_amount financing_rate",
    flag="cancellable cancel_penalty_substantive",
)
_relation(
    "int_revenue_lines",
    text="contract_key line_key policy_id product modification_id price_period ssp_method "
    "ssp_group pattern ramp_group tier_mode",
    whole="line_no",
    number="quantity price unit_price list_price ssp ssp_percent ssp_low ssp_high "
    "option_purchase option_discount general_discount likelihood",
    date="starts_on ends_on",
    flag="is_distinct is_series",
)
_relation(
    "int_revenue_events",
    text="contract_key event_type line_key to_line_key modification_id component_id",
    whole="event_no",
    number="quantity amount unit_price ssp constrained_to",
    date="occurred_on starts_on ends_on due_on",
)
_relation(
    "int_revenue_rate_bands",
    text="line_key",
    whole="band_no",
    number="from_quantity to_quantity unit_price",
)
_relation("int_revenue_bundles", text="contract_key bundle_id line_key", number="bundle_price")
_relation(
    "int_revenue_exchange_rates",
    text="rate_set from_currency to_currency",
    date="rated_on",
    number="rate",
)
_relation(
    "int_revenue_costs",
    text="contract_key cost_id cost_type",
    date="incurred_on amortize_from amortize_to",
    number="amount",
)
_relation("int_revenue_as_of", text="contract_key", date="as_of")
_relation("int_revenue_bands", text="contract_key period_id", date="starts_on ends_on")
_relation(
    "dim_accounting_period",
    text="period_key period_name period_status",
    whole="period_no",
    flag="is_reporting_period has_ended",
    date="starts_on ends_on closed_on",
)
# What the result file calls a key.
_relation("case_contracts", text="case_id contract_id contract_key", whole="currency_decimals")
_relation("case_lines", text="contract_key line_key line_id")
RENAMED: Final = {
    "occurred_on": "on",
    "rated_on": "on",
    "incurred_on": "on",
    "event_type": "type",
    "amortize_from": "amortise_from",
    "amortize_to": "amortise_to",
    "is_distinct": "distinct",
    "is_series": "series",
}


def key(*parts: str) -> str:
    """One text from several, different for different parts."""
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in parts)


def arrow_tables(cases: list[Row]) -> dict[str, pa.Table]:
    """Every relation the engine reads, filled from cases that passed the checks.

    Args:
        cases: rows in the case schema.

    Returns:
        Name of the relation -> its table; a relation without rows is there too.
    """
    rows: dict[str, list[Row]] = {name: [] for name in RELATIONS}
    for case in cases:
        for name, added in _rows_of(case).items():
            rows[name] += added
    rows["dim_accounting_period"] = _calendar(cases)
    return {name: _table(name, rows[name]) for name in RELATIONS}


def _rows_of(case: Row) -> dict[str, list[Row]]:
    case_id, policy = case["id"], {**case["policy"], "policy_id": case["id"]}
    contract_keys = {
        row["contract_id"]: key(case_id, row["contract_id"]) for row in case["contracts"]
    }
    line_keys = {
        row["line_id"]: key(case_id, row["contract_id"], row["line_id"]) for row in case["lines"]
    }

    def keyed(table: Iterable[Row], **more: Any) -> list[Row]:
        return [
            {
                **row,
                "contract_key": contract_keys.get(row.get("contract_id", "")),
                "line_key": line_keys.get(row.get("line_id") or ""),
                "to_line_key": line_keys.get(row.get("to_line_id") or ""),
                **more,
            }
            for row in table
        ]

    every = list(contract_keys.values())
    return {
        "int_revenue_policies": [policy],
        "int_revenue_contracts": keyed(
            case["contracts"],
            policy_id=case_id,
            rate_set=case_id,
            currency_decimals=policy["currency_decimals"],
        ),
        "int_revenue_lines": keyed(case["lines"], policy_id=case_id),
        "int_revenue_events": keyed(case["events"]),
        "int_revenue_rate_bands": keyed(case["rate_bands"]),
        "int_revenue_bundles": keyed(case["bundles"]),
        "int_revenue_exchange_rates": [{**row, "rate_set": case_id} for row in case["fx_rates"]],
        "int_revenue_costs": keyed(case["costs"]),
        "int_revenue_as_of": [
            {"contract_key": contract, **row}
            for contract in every
            for row in {asked["as_of"]: asked for asked in case["ask"]["as_of"]}.values()
        ],
        "int_revenue_bands": [
            {"contract_key": contract, **row}
            for contract in every
            for row in case["ask"]["periods"]
        ],
        "case_contracts": keyed(
            case["contracts"], case_id=case_id, currency_decimals=policy["currency_decimals"]
        ),
        "case_lines": keyed(case["lines"]),
    }


def _table(name: str, rows: list[Row]) -> pa.Table:
    columns = RELATIONS[name]
    return pa.table(
        {
            column: pa.array(
                [_value(row.get(column, row.get(RENAMED.get(column, ""))), of) for row in rows], of
            )
            for column, of in columns.items()
        }
    )


def _value(value: Any, of: pa.DataType) -> Any:
    if value is None:
        return None
    if of == NUMBER:
        return Decimal(value)
    if pa.types.is_date(of) and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _calendar(cases: list[Row]) -> list[Row]:
    """Calendar months that cover every date of the cases, with a year to spare at both ends."""
    dates = [text for case in cases for text in _dates(case)]
    if not dates:
        return []
    first, last = int(min(dates)[:4]) - 1, int(max(dates)[:4]) + 1
    starts = [date(year, month, 1) for year in range(first, last + 1) for month in range(1, 13)]
    return [
        {
            "period_key": f"{starts_on:%Y-%m}",
            "period_no": number,
            "period_name": f"{starts_on:%b %Y}",
            "period_status": "open",
            "is_reporting_period": number == len(starts),
            "has_ended": True,
            "starts_on": starts_on,
            "ends_on": _month_end(starts_on),
        }
        for number, starts_on in enumerate(starts, start=1)
    ]


def _month_end(first: date) -> date:
    following = first.replace(day=28) + timedelta(days=4)
    return following.replace(day=1) - timedelta(days=1)


def _dates(case: Row) -> Iterable[str]:
    tables = [case[name] for name in ("contracts", "lines", "events", "costs")]
    for rows in [*tables, case["ask"]["periods"], case["ask"]["as_of"]]:
        for row in rows:
            for column, value in row.items():
                dated = column in {"on", "as_of"} or column.endswith(
                    ("_on", "_from", "_to", "_through")
                )
                if dated and isinstance(value, str) and column != "constrained_to":
                    yield value
