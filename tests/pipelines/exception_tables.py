"""The exceptions of the hand-made build file, as the models would leave them.

Line L-2 has a price break of 114.99 USD, open for two periods; line L-3 is missing in the ERP for
550.00, its explanation expired, and its record is like one of the ERP; a quantity break of L-1 was
cleared. The columns are those of the models' contracts.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from pipelines.config import PROJECT_ROOT

MARTS = PROJECT_ROOT / "models" / "marts" / "reconciliation"
NAMES = (
    "fct_exceptions",
    "fct_exception_history",
    "fct_exception_decisions",
    "fct_root_causes",
    "fct_reason_mix",
)
EXPIRED_ID = "e5" + 30 * "0"
OPEN_ID = "a1" + 30 * "0"
CLEARED_ID = "a2" + 30 * "0"
SUGGESTED_PAIR = ("802Bb0000000003QAA", "99")


def _columns(name: str) -> str:
    models = yaml.safe_load((MARTS / f"{name}.yml").read_text(encoding="utf-8"))["models"]
    return ", ".join(f"{column['name']} {column['data_type']}" for column in models[0]["columns"])


EXCEPTION_TABLES = {f"marts.{name}": _columns(name) for name in NAMES}


def _exception(line: str, code: str, **changed: Any) -> dict[str, Any]:
    return {
        "reason_code": code,
        "reason_class": "break",
        "contract_line_id": line,
        "contract_id": "K1" if line == "L-1" else "K2",
        "customer_id": "A1" if line == "L-1" else "A2",
        "currency_code": "EUR",
        "reporting_currency_code": "USD",
        "is_open": True,
        "is_material": True,
        "first_period_name": "Nov 2025",
        "first_seen_on": date(2025, 12, 31),
        "age_days": 31,
        "age_periods": 2,
        "reopened_count": 0,
        **changed,
    }


ROWS: dict[str, list[dict[str, Any]]] = {
    "marts.fct_exceptions": [
        _exception(
            "L-2",
            "price_mismatch",
            exception_id=OPEN_ID,
            cause_kind="field",
            cause="price",
            cause_field="amount",
            owner="Billing",
            status="open",
            is_material=False,
            amount_txn=Decimal(100),
            amount_rpt=Decimal("114.99"),
        ),
        _exception(
            "L-3",
            "missing_in_erp",
            exception_id=EXPIRED_ID,
            cause_kind="integration_step",
            cause="hand-off",
            cause_field="sales order line",
            owner="Integration",
            status="expired_explanation",
            expired_because="amount_moved",
            cause_record_id=SUGGESTED_PAIR[0],
            suggested_witness="erp",
            suggested_record_id=SUGGESTED_PAIR[1],
            suggestion_evidence="customer 001B, item 9, amount 550.00 and 500.00",
            amount_txn=Decimal(500),
            amount_rpt=Decimal(550),
            age_days=200,
        ),
        _exception(
            "L-1",
            "quantity_mismatch",
            exception_id=CLEARED_ID,
            cause_kind="field",
            cause="quantity",
            owner="Billing",
            status="cleared",
            is_open=False,
            is_material=False,
            cleared_on=date(2025, 12, 31),
            amount_txn=Decimal(0),
            amount_rpt=Decimal(0),
        ),
    ],
    "marts.fct_root_causes": [
        {
            "root_cause_id": name,
            "cause": name,
            "cause_kind": kind,
            "is_reporting_period": True,
            "exception_count": 1,
            "contract_count": 1,
            "absolute_rpt": Decimal(amount),
            "net_rpt": Decimal(amount),
            "rank_no": rank,
        }
        for rank, (name, kind, amount) in enumerate(
            (("hand-off", "integration_step", "550"), ("price", "field", "114.99")), start=1
        )
    ],
    "marts.fct_reason_mix": [
        {
            "reason_mix_id": f"{code}/{period}",
            "period_no": period,
            "period_name": ("Nov 2025", "Dec 2025")[period - 1],
            "is_reporting_period": period == 2,
            "reason_code": code,
            "moved_rpt": Decimal(moved),
            "movement_share": Decimal(share),
            "mean_share": Decimal("0.1"),
            "drift": Decimal(share) - Decimal("0.1"),
            "is_drift": code == "fx_rate",
        }
        for code, period, moved, share in (
            ("fx_rate", 1, "50", "0.5"),
            ("fx_rate", 2, "40", "0.4"),
            ("price_mismatch", 2, "10", "0.1"),
        )
    ],
}
