"""Balances in the terminal: of all contracts in the report, of one beside its chain."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from pipelines.money import format_money
from pipelines.publication import rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

BALANCES: Final = """
    select
        any_value(period_name) as period_name,
        sum(beginning_rpt) as beginning,
        sum(billed_rpt) as billed,
        sum(recognized_rpt) as recognized,
        sum(adjustment_rpt) as adjustment,
        sum(fx_rpt) as fx,
        sum(ending_rpt) as ending,
        sum(deferred_revenue_rpt) as deferred_revenue,
        sum(contract_asset_rpt) as contract_asset,
        sum(receivable_rpt) as receivable,
        sum(refund_liability_rpt) as refund_liability,
        sum(rpo_rpt) as rpo,
        sum(crpo_rpt) as crpo
    from fct_contract_balances
    where is_reporting_period
    having count(*) > 0
"""
LEDGER: Final = """
    select
        coalesce(sum(ledger_balance_rpt) filter (account_role = 'deferred_revenue'), 0)
        - coalesce(sum(ledger_balance_rpt) filter (account_role = 'contract_asset'), 0) as ledger,
        coalesce(sum(abs(difference_rpt)), 0) as difference
    from fct_ledger_tie
    where is_reporting_period
"""
OF_CONTRACT: Final = """
    select balances.*, to_date.billed_to_date_txn, to_date.recognized_to_date_txn,
        to_date.billed_to_date_rpt, to_date.recognized_to_date_rpt
    from fct_contract_balances as balances
    inner join (
        select
            contract_id,
            sum(billed_txn) as billed_to_date_txn,
            sum(billed_rpt) as billed_to_date_rpt,
            sum(recognized_txn - adjustment_txn) as recognized_to_date_txn,
            sum(recognized_rpt - adjustment_rpt) as recognized_to_date_rpt
        from fct_contract_balances
        where contract_id = $contract_id and period_no <= $period_no
        group by contract_id
    ) as to_date on balances.contract_id = to_date.contract_id
    where balances.contract_id = $contract_id and balances.period_no = $period_no
"""
# What raises deferred revenue is positive.
ROLL_FORWARD: Final = (
    ("deferred less contract assets, beginning", "beginning", 1),
    ("billed", "billed", 1),
    ("recognized", "recognized", -1),
    ("adjustment", "adjustment", 1),
    ("fx", "fx", 1),
    ("ending", "ending", 1),
    ("entries that name no contract", "without_contract", 1),
    ("ledger", "ledger", 1),
)
POSITIONS: Final = (
    ("deferred revenue", "deferred_revenue"),
    ("contract assets", "contract_asset"),
    ("receivables", "receivable"),
    ("refund liabilities", "refund_liability"),
    ("remaining performance obligation", "rpo"),
    ("  of it current", "crpo"),
)


def read_balances(connection: "DuckDBPyConnection") -> Row:
    """Balances of all contracts at the end of the reporting period; empty if there are none."""
    found = rows_of(connection, BALANCES)
    if not found:
        return {}
    ledger = rows_of(connection, LEDGER)[0]
    return found[0] | ledger | {"without_contract": ledger["ledger"] - found[0]["ending"]}


def balances_table(balances: Row, currency: str) -> Table:
    """The positions, and how the net position moved in the period."""
    table = Table(
        title=f"\nBalances of contracts, {balances['period_name']}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column("balance")
    table.add_column(f"amount {currency}", justify="right")
    for label, name in POSITIONS:
        table.add_row(label, format_money(balances[name], currency))
    table.add_section()
    for label, name, sign in ROLL_FORWARD:
        style = "bold" if name in {"ending", "ledger"} else ""
        table.add_row(
            Text(label, style=style),
            Text(format_money(sign * balances[name], currency), style=style),
        )
    return table


def balance_line(balance: Row, currencies: tuple[tuple[str, str], ...]) -> Text:
    """One line of a contract: billed, recognized, what is deferred or an asset, RPO.

    Args:
        balance: a row of OF_CONTRACT.
        currencies: column suffix and ISO code; the first is shown.
    """
    suffix, currency = currencies[0]
    kind = "contract asset" if balance["position_kind"] == "asset" else "deferred"
    column = "contract_asset" if balance["position_kind"] == "asset" else "deferred_revenue"
    amounts: tuple[tuple[str, Decimal], ...] = (
        ("billed", balance[f"billed_to_date_{suffix}"]),
        ("recognized", balance[f"recognized_to_date_{suffix}"]),
        (kind, balance[f"{column}_{suffix}"]),
        ("RPO", balance[f"rpo_{suffix}"]),
    )
    text = ", ".join(f"{name} {format_money(amount, currency)}" for name, amount in amounts)
    return Text(f"{text} {currency}")
