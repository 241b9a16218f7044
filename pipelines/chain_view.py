"""How the chain of a contract looks in the terminal: amounts run down from booked to recognized."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.balance_view import balance_line
from pipelines.expected_view import show_expected, show_rules
from pipelines.money import format_money

Row = dict[str, Any]

STYLES: Final = {
    "tied": "green",
    "explained": "cyan",
    "timing": "cyan",
    "break": "red",
    "unexplained": "bold red",
}
NEEDS_A_PERSON: Final = ("break", "unexplained")


@dataclass(frozen=True)
class Chain:
    """What is known of one contract at one period end; rows as the published tables have them."""

    contract: Row
    period: Row
    lines: Sequence[Row]
    reasons: Sequence[Row]
    holds: Sequence[Row]
    expected: Sequence[Row]
    reporting_currency: str
    balance: Row | None = None

    @property
    def currencies(self) -> tuple[tuple[str, str], ...]:
        """Column suffix and ISO code of each currency to show, once if they are the same.

        A line whose order in the ERP is in another currency differs in the two all the same.
        """
        own = self.contract["currency_code"]
        same = all(
            line[f"{name}_txn"] == line[f"{name}_rpt"]
            for line in self.lines
            for name in ("booked", "recognized")
        )
        if own == self.reporting_currency and same:
            return (("txn", own),)
        return (("txn", own), ("rpt", self.reporting_currency))


def show_chain(console: Console, chain: Chain) -> None:
    """Print the contract, why it is held, each line with every reason, the total, the rules."""
    _show_header(console, chain)
    _show_holds(console, chain.holds)
    if not chain.lines:
        console.print(
            f"\n  Nothing was booked or recognized by the end of {chain.period['period_name']}."
        )
        return
    for line in chain.lines:
        own = [r for r in chain.reasons if r["contract_line_id"] == line["contract_line_id"]]
        _show_line(console, chain, line, own)
        parts = [r for r in chain.expected if r["contract_line_id"] == line["contract_line_id"]]
        show_expected(console, parts, chain.period["period_name"])
    if len(chain.lines) > 1:
        console.print(Text("\n  All lines", style="bold"))
        console.print(
            Padding(
                _amounts(chain, _total(chain), _summed(chain.reasons)), (0, 0, 0, 4), expand=False
            )
        )
    show_rules(console, chain.expected)


def _show_header(console: Console, chain: Chain) -> None:
    contract, period = chain.contract, chain.period
    console.print(
        Text(
            f"\nContract {contract['contract_number']}  {contract['customer_name'] or ''}",
            style="bold",
        )
    )
    rows = (
        ("service", f"{_span(contract)}, {contract['currency_code']}"),
        (
            "Salesforce",
            f"contract {contract['salesforce_contract_id'] or 'none'}, "
            f"account {contract['salesforce_account_id'] or 'none'}",
        ),
        (
            "NetSuite",
            f"orders {contract['netsuite_order_numbers'] or 'none'}, "
            f"customer {contract['netsuite_customer_id'] or 'none'}",
        ),
        ("amounts", f"cumulative to the end of {period['period_name']} ({period['ends_on']})"),
    )
    table = Table.grid(padding=(0, 2))
    for label, text in rows:
        table.add_row(Text(label, style="dim"), Text(text))
    if chain.balance is not None:
        table.add_row(Text("balance", style="dim"), balance_line(chain.balance, chain.currencies))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))


def _show_holds(console: Console, holds: Sequence[Row]) -> None:
    for hold in holds:
        text = Text.assemble(
            (f"HELD {hold['hold_code']}", "bold red"),
            f"  {hold['witness'].upper()} record {hold['record_id']}, {hold['field_name']}: "
            f"{hold['message']}\nFix: {hold['fix']}",
        )
        console.print(Padding(text, (1, 0, 0, 2), expand=False))


def _show_line(console: Console, chain: Chain, line: Row, reasons: Sequence[Row]) -> None:
    status = line["tie_out_status"]
    versions = f", {line['version_count']} versions" if (line["version_count"] or 0) > 1 else ""
    console.print(
        Text.assemble(
            (f"\n  {line['product_name'] or 'Unknown product'}", "bold"),
            f"  {_span(line)}{versions}  ",
            (status, STYLES.get(status, "")),
        )
    )
    console.print(Padding(Text("\n".join(_records(chain, line)), style="dim"), (0, 0, 0, 4)))
    console.print(Padding(_amounts(chain, line, reasons), (0, 0, 0, 4), expand=False))
    for reason in reasons:
        if reason["reason_class"] in NEEDS_A_PERSON:
            console.print(
                Padding(Text("\n".join(_advice(reason, line))), (0, 0, 0, 6), expand=False)
            )


def _records(chain: Chain, line: Row) -> Iterator[str]:
    """The records of a line, where to open them, and the rates both systems convert it at."""
    yield (
        f"CRM order product {line['crm_record_id'] or 'none'}, "
        f"ERP order line {line['erp_record_id'] or 'none'}"
    )
    yield from (line[name] for name in ("crm_url", "erp_url") if line[name])
    if len(chain.currencies) > 1:
        rates = ", ".join(f"{each.upper()} {_rate(line, each)}" for each in ("crm", "erp"))
        yield f"{chain.reporting_currency} for 1 {chain.contract['currency_code']}: {rates}"


def _rate(line: Row, system: str) -> str:
    rate, day = line[f"{system}_rate"], line[f"{system}_rated_on"]
    if rate is None:
        return "none"
    return f"{rate.normalize():f} ({line[f'{system}_rate_type']}{f' of {day}' if day else ''})"


def _amounts(chain: Chain, line: Row, reasons: Sequence[Row]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", min_width=24)
    for _, currency in chain.currencies:
        table.add_column(currency, justify="right", min_width=14)
    table.add_column("")
    table.add_row(*_row(chain, Text("booked", style="bold"), line, "booked"))
    for reason in reasons:
        amounts = {
            f"amount_{suffix}": -reason[f"amount_{suffix}"] for suffix, _ in chain.currencies
        }
        # A break is shown whatever it is worth.
        if any(amounts.values()) or reason["reason_class"] == "break":
            name = Text(f"- {reason['reason_code']}", style=STYLES.get(reason["reason_class"], ""))
            table.add_row(*_row(chain, name, amounts, "amount"), Text(_because(reason)))
    table.add_row(*_row(chain, Text("recognized", style="bold"), line, "recognized"))
    return table


def _row(chain: Chain, name: Text, amounts: Row, column: str) -> tuple[Text, ...]:
    money = (
        Text(format_money(amounts[f"{column}_{suffix}"], currency), style=name.style)
        for suffix, currency in chain.currencies
    )
    return (name, *money)


def _because(reason: Row) -> str:
    parts = [reason["reason_class"]]
    if reason.get("evidence_label"):
        parts.append(
            f"{reason['evidence_label']}: CRM {reason['crm_value'] or 'none'}, "
            f"ERP {reason['erp_value'] or 'none'}"
        )
    if reason.get("expected_clear_period"):
        parts.append(f"clears in {reason['expected_clear_period']}")
    return "; ".join(parts)


def _advice(reason: Row, line: Row) -> Iterator[str]:
    """What a break means, who mends it and how, and the records to open."""
    yield f"{reason['reason_code']}: {reason['meaning']}."
    yield f"{reason['owner']}: {reason['what_to_do']}."
    for system in ("crm", "erp"):
        record, url = reason[f"{system}_record_id"], reason[f"{system}_url"]
        if url or (record and record != line[f"{system}_record_id"]):
            yield f"{system.upper()} record {record or 'none'}" + (f"  {url}" if url else "")


def _total(chain: Chain) -> Row:
    return {
        f"{name}_{suffix}": sum((line[f"{name}_{suffix}"] for line in chain.lines), Decimal(0))
        for name in ("booked", "recognized")
        for suffix, _ in chain.currencies
    }


def _summed(reasons: Sequence[Row]) -> list[Row]:
    """One row a reason code, in the order of the chain, without evidence."""
    summed: dict[str, Row] = {}
    for reason in sorted(reasons, key=lambda row: (row["chain_step_no"], row["reason_code"])):
        total = summed.setdefault(
            reason["reason_code"],
            {
                "reason_code": reason["reason_code"],
                "reason_class": reason["reason_class"],
                "amount_txn": Decimal(0),
                "amount_rpt": Decimal(0),
            },
        )
        for name in ("amount_txn", "amount_rpt"):
            total[name] += reason[name]
    return list(summed.values())


def _span(row: Row) -> str:
    if row["starts_on"] is None:
        return "without a first day"
    if row["ends_on"] is None:
        return f"on {row['starts_on']}"
    return f"{row['starts_on']} to {row['ends_on']}"
