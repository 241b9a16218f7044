"""Rows of a case file with every column, for tests: only what matters is written."""

from typing import Any

POLICY: dict[str, Any] = {
    "currency_decimals": 2,
    "proration": "even_periods",
    "end_date": "inclusive",
    "day_boundary": "midnight",
    "pricing_term": "given",
    "anchor_day": None,
    "allocation_residual": "largest_remainder",
    "schedule_residual": "cumulative",
    "residual_fallback": "midpoint",
    "variable_allocation": "pooled",
    "variable_test_tolerance": "0.10",
    "ramp": "as_priced",
    "modification": "auto",
    "option_exercise": "continuation",
    "credit_note": "catch_up",
    "breakage": "proportional",
    "minimum": "none",
    "tiered_usage": "as_incurred",
    "tier_reset": "month",
    "receivable_on": "invoice_date",
    "fx": "none",
    "financing": "none",
}
CONTRACT: dict[str, Any] = {
    "contract_id": "K1",
    "customer_id": "C1",
    "signed_on": "2025-01-01",
    "currency": "USD",
    "functional_currency": "USD",
    "transaction_price": None,
    "cancellable": False,
    "cancel_right_from": None,
    "cancel_penalty_substantive": None,
    "minimum_amount": None,
    "minimum_period": None,
    "books_closed_through": None,
    "financing_rate": None,
    "compounding": None,
}
LINE: dict[str, Any] = {
    "contract_id": "K1",
    "line_id": "1",
    "line_no": 1,
    "product": "Product",
    "modification_id": None,
    "quantity": None,
    "price": None,
    "unit_price": None,
    "price_period": None,
    "list_price": None,
    "ssp": None,
    "ssp_method": "given",
    "ssp_percent": None,
    "ssp_group": None,
    "ssp_low": None,
    "ssp_high": None,
    "option_purchase": None,
    "option_discount": None,
    "general_discount": None,
    "likelihood": None,
    "pattern": "point_in_time",
    "starts_on": None,
    "ends_on": None,
    "distinct": True,
    "series": True,
    "ramp_group": None,
    "tier_mode": "none",
}
EVENT: dict[str, Any] = {
    "event_id": "E1",
    "event_no": 1,
    "type": "delivery",
    "on": "2025-01-01",
    "contract_id": "K1",
    "line_id": None,
    "to_line_id": None,
    "modification_id": None,
    "component_id": None,
    "quantity": None,
    "amount": None,
    "unit_price": None,
    "ssp": None,
    "starts_on": None,
    "ends_on": None,
    "due_on": None,
    "constrained_to": None,
}


def contract(**columns: Any) -> dict[str, Any]:
    return {**CONTRACT, **columns}


def line(line_no: int, **columns: Any) -> dict[str, Any]:
    return {**LINE, "line_no": line_no, "line_id": str(line_no), **columns}


def event(event_no: int, kind: str, on: str, **columns: Any) -> dict[str, Any]:
    return {
        **EVENT,
        "event_no": event_no,
        "event_id": f"E{event_no}",
        "type": kind,
        "on": on,
        **columns,
    }


def case(case_id: str, **tables: Any) -> dict[str, Any]:
    """A case; `policy` holds only what differs, `periods` and `as_of` what is asked."""
    policy = {**POLICY, **tables.pop("policy", {})}
    ask = {
        "periods": [
            {"period_id": name, "starts_on": starts_on, "ends_on": ends_on}
            for name, starts_on, ends_on in tables.pop("periods", ())
        ],
        "as_of": [{"as_of": day} for day in tables.pop("as_of", ())],
    }
    return {
        "id": case_id,
        "title": "A case",
        "category": "test",
        "reference": ["606-10"],
        "provenance": "constructed",
        "strict": False,
        "scope": "core",
        "notes": "",
        "policy": policy,
        "contracts": [contract()],
        "lines": [],
        "rate_bands": [],
        "bundles": [],
        "fx_rates": [],
        "costs": [],
        "events": [],
        "ask": ask,
        **tables,
    }
