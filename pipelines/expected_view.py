"""How expected revenue is traced in the terminal: to version, term, rule and paragraph."""

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.money import format_money

Row = dict[str, Any]


def show_expected(console: Console, rows: Sequence[Row], period_name: str) -> None:
    """Print what a line is expected to earn in the period, part by part.

    Args:
        console: where to print.
        rows: the line's rows of `fct_revenue_explanations` in the period.
        period_name: the period.
    """
    if not rows:
        return
    currency = rows[0]["currency_code"]
    total = sum(row["expected_txn"] for row in rows)
    console.print(Text(f"    expected {format_money(total, currency)} {currency} in {period_name}"))
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right")
    for row in rows:
        table.add_row(format_money(row["expected_txn"], currency), Text(_traced(row, currency)))
    console.print(Padding(table, (0, 0, 0, 6), expand=False))


def show_rules(console: Console, rows: Sequence[Row]) -> None:
    """Print what the rules say that the parts name, each once, with its paragraphs."""
    rules = {
        row[f"{kind}_rule_code"]: f"{row[f'{kind}_meaning']} ({row[f'{kind}_paragraphs']})"
        for row in rows
        for kind in ("amount", "recognition")
    }
    if not rules:
        return
    console.print(Text("\n  Rules", style="bold"))
    table = Table.grid(padding=(0, 2))
    for code, text in sorted(rules.items()):
        table.add_row(Text(code, style="cyan"), Text(text))
    console.print(Padding(table, (0, 0, 0, 4), expand=False))


def _traced(row: Row, currency: str) -> str:
    return "; ".join(_parts(row, currency))


def _parts(row: Row, currency: str) -> Iterator[str]:
    """Of what, over which days, by which version, step and rules."""
    amount = row["earned_of_txn"]
    of = "" if amount is None else f"of {format_money(amount, currency)} "
    if row["earned_from"] == row["earned_through"]:
        yield f"{of}on {row['earned_from']}"
    else:
        yield f"{of}{row['earned_from']} to {row['earned_through']}"
    yield f"version {row['version_no']}, {row['change_kind']} ({row['crm_record_id']})"
    changed_by = row["changed_by_version_no"]
    if changed_by is not None and changed_by != row["version_no"]:
        yield f"changed by version {changed_by} ({row['changed_by_record_id']})"
    yield f"{row['amount_rule_code']}, {row['recognition_rule_code']}"
