"""The answer key's rows and how they are written. No stage of a run reads it."""

from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ReasonRow:
    """Movement of one reason of one contract line in one period.

    Attributes:
        crm_record_id: order item the line began with, 18 characters.
        erp_record_id: `uniquekey` of its sales order line.
        amount_txn_minor: minor units of the deal's currency.
        amount_rpt_minor: US cents.
    """

    crm_record_id: str | None
    erp_record_id: str | None
    period_name: str
    reason_code: str
    amount_txn_minor: int
    amount_rpt_minor: int


@dataclass(frozen=True)
class PlantedRow:
    """A break put in on purpose: first period it shows in, largest cumulative minor units."""

    reason_code: str
    crm_record_id: str | None
    erp_record_id: str | None
    period_name: str
    amount_txn_minor: int
    note: str


@dataclass(frozen=True)
class ExpectedRow:
    """Revenue of a line and period by the CRM's terms, in minor units."""

    crm_record_id: str
    period_name: str
    expected_txn_minor: int


@dataclass(frozen=True)
class ArrRow:
    """Annual recurring revenue of a line (or of all steps of a ramp) at the end of a period."""

    crm_record_id: str
    period_name: str
    arr_txn_minor: int


@dataclass(frozen=True)
class ArrBridgeRow:
    """A step of the ARR bridge of a customer at the end of a period, in US cents; never zero."""

    customer_record_id: str
    period_name: str
    bridge_reason: str
    amount_rpt_minor: int


@dataclass(frozen=True)
class LinkRow:
    """A CRM and an ERP record that belong together; pass 4 only suggests it."""

    crm_record_id: str
    erp_record_id: str
    match_pass: int


@dataclass(frozen=True)
class BalanceRow:
    """A contract at the end of a period, minor units of its currency and US cents.

    Attributes:
        crm_contract_id: id of the contract in the CRM, 18 characters.
        erp_order_number: number of the order, for a contract the CRM does not know.
        receivable_txn_minor: below zero where a credit is owed to the customer.
    """

    crm_contract_id: str | None
    erp_order_number: str | None
    period_name: str
    deferred_txn_minor: int
    asset_txn_minor: int
    deferred_rpt_minor: int
    asset_rpt_minor: int
    receivable_txn_minor: int
    rpo_txn_minor: int


@dataclass(frozen=True)
class AnswerKey:
    """What the reconciliation must find."""

    reasons: tuple[ReasonRow, ...]
    planted: tuple[PlantedRow, ...]
    expected: tuple[ExpectedRow, ...]
    arr: tuple[ArrRow, ...]
    arr_bridge: tuple[ArrBridgeRow, ...]
    links: tuple[LinkRow, ...]
    balances: tuple[BalanceRow, ...] = ()

    def write(self, folder: Path) -> None:
        """Write each kind of rows, with .parquet, into a folder."""
        import pyarrow as pa  # noqa: PLC0415 - the company is built without it
        import pyarrow.parquet as pq  # noqa: PLC0415

        folder.mkdir(parents=True, exist_ok=True)
        row_types: tuple[tuple[str, type[Any], tuple[Any, ...]], ...] = (
            ("reasons", ReasonRow, self.reasons),
            ("planted", PlantedRow, self.planted),
            ("expected", ExpectedRow, self.expected),
            ("arr", ArrRow, self.arr),
            ("arr_bridge", ArrBridgeRow, self.arr_bridge),
            ("links", LinkRow, self.links),
            ("balances", BalanceRow, self.balances),
        )
        for name, row_type, rows in row_types:
            names = [field.name for field in fields(row_type)]
            schema = pa.schema(
                [
                    (each, pa.int64() if each.endswith(("_minor", "_pass")) else pa.string())
                    for each in names
                ]
            )
            columns = list(zip(*map(astuple, rows), strict=True)) or [()] * len(names)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            pq.write_table(pa.Table.from_arrays(arrays, schema=schema), folder / f"{name}.parquet")
