"""How the answer to `--known-on` looks in the terminal."""

from typing import Any, Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.close.known import Known
from pipelines.money import format_money, format_with_currency

SYSTEMS: Final = {"crm": "CRM", "erp": "ERP"}


def show_known(console: Console, known: Known) -> None:
    """Print what each system said, what was posted, and what tieout had published."""
    period = known.period["period_name"]
    console.print(
        Text(
            f"\nContract {known.contract['contract_number']}  "
            f"{known.contract['customer_name'] or ''}",
            style="bold",
        )
    )
    console.print(f"about {period}, as known on {known.known_at:%Y-%m-%d %H:%M} (the ERP's clock)")
    console.print(_lines_table(known))
    for row in known.revenue:
        currency = row["currency_code"] or known.contract["currency_code"]
        due = f"; rows due and not posted: {row['rows_due']:,}" if row["rows_due"] else ""
        console.print(
            f"Up to {period} the ERP had planned "
            f"{format_with_currency(row['planned_txn'], currency)} and posted "
            f"{format_with_currency(row['posted_txn'], currency)}{due}."
        )
    if not known.revenue:
        console.print("The ERP had no revenue plan for it.")
    _show_run(console, known)


def _lines_table(known: Known) -> Table:
    table = _table("What both systems said")
    table.add_column("system")
    table.add_column("product")
    table.add_column("record", no_wrap=True)
    for heading in ("quantity", "amount"):
        table.add_column(heading, justify="right")
    for heading in ("dates", "known from"):
        table.add_column(heading, no_wrap=True)
    for row in known.lines:
        table.add_row(
            SYSTEMS[row["witness"]],
            row["product_name"],
            row["record_id"],
            f"{row['quantity'].normalize():,f}",
            format_money(row["amount_txn"], row["currency_code"]),
            f"{row['starts_on'] or '?'} to {row['ends_on'] or '?'}",
            f"{row['known_from']:%Y-%m-%d}",
        )
    return table


def _show_run(console: Console, known: Known) -> None:
    if known.run is None:
        console.print("No run had been published by then.")
        return
    console.print(_amounts_table(known, known.run))
    if not known.amounts:
        console.print("That run had nothing on it up to this period.")


def _amounts_table(known: Known, run: dict[str, Any]) -> Table:
    currency = run["reporting_currency"]
    table = _table(f"Run {run['run_id']} said")
    table.add_column("measure")
    table.add_column("amount", justify="right")
    table.add_column(f"amount {currency}", justify="right")
    for row in known.amounts:
        table.add_row(
            row["measure"],
            format_with_currency(row["amount_txn"], row["currency_code"]),
            format_money(row["amount_rpt"], currency),
        )
    return table


def _table(title: str) -> Table:
    return Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
    )
