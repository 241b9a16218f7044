"""The answer key of the balances: what each contract owes at the end of each month.

Deferred revenue, contract asset and receivable are what the company's books hold; the remaining
performance obligation is what the ERP's orders say less what it posted, charges for use left out.
"""

from collections import defaultdict
from collections.abc import Iterator

from pipelines.company.answer_key import BalanceRow
from pipelines.company.answers import minor_scale
from pipelines.company.catalog import OUT_OF_SCOPE
from pipelines.company.erp_ids import Books
from pipelines.company.erp_orders import order_tranid
from pipelines.company.erp_settlements import settled_on
from pipelines.company.ids import salesforce_id
from pipelines.company.market import FIRST_MONTH, LAST_MONTH, month_end, month_of, period_name
from pipelines.company.plans import PlannedRow
from pipelines.company.positions import positions
from pipelines.company.story import Contract, Story


def balance_rows(
    story: Story, plan: dict[int, list[PlannedRow]], books: Books
) -> tuple[BalanceRow, ...]:
    """Every contract and month with anything to show."""
    held = {
        (each.contract.number, each.month): each
        for months in positions(story.market, plan, books.billed)
        for each in months
    }
    receivable = _receivables(books)
    rows = []
    for contract in story.contracts:
        scale = minor_scale(contract, contract.billed_in)
        for month in range(FIRST_MONTH, LAST_MONTH + 1):
            at = contract.number, month
            remaining = _remaining(contract, plan, month) * scale
            amount = held[at].amount * scale if at in held else 0
            base = held[at].base_amount if at in held else 0
            row = BalanceRow(
                *_name(contract), period_name(month), max(amount, 0), max(-amount, 0),
                max(base, 0), max(-base, 0), receivable.get(at, 0) * scale, remaining,
            )  # fmt: skip
            if any(value for value in vars(row).values() if isinstance(value, int)):
                rows.append(row)
    return tuple(rows)


def _name(contract: Contract) -> tuple[str | None, str | None]:
    """The contract in the CRM, or the order of one the CRM does not know."""
    if contract.in_crm:
        return salesforce_id("800", contract.number), None
    return None, order_tranid(contract.orders[0])


def _remaining(contract: Contract, plan: dict[int, list[PlannedRow]], month: int) -> int:
    total = 0
    for order in contract.orders:
        for version in order.versions:
            if version.item.pattern == OUT_OF_SCOPE:
                continue
            if order.in_erp and order.erp_date <= month_end(month):
                total += version.erp_amount
            if order.in_erp:
                total += sum(
                    change.amount for change in version.erp_changes
                    if change.day <= month_end(month)
                )  # fmt: skip
            total -= sum(
                row.amount
                for row in plan.get(version.number, [])
                if row.posting_month is not None
                and row.posting_month <= month
                and not (row.is_charge or row.is_minimum)
            )
    return total


def _receivables(books: Books) -> dict[tuple[int, int], int]:
    """Contract number, month -> minor units billed and not settled at its end."""
    moves: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for invoice in books.invoices:
        by_month = moves[invoice.contract.number]
        by_month[month_of(invoice.day)] += invoice.amount
        if paid_on := settled_on(invoice):
            by_month[month_of(paid_on)] -= invoice.amount
    return {
        (number, month): open_amount
        for number, by_month in moves.items()
        for month, open_amount in _running(by_month)
    }


def _running(by_month: dict[int, int]) -> Iterator[tuple[int, int]]:
    total = 0
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        total += by_month.get(month, 0)
        yield month, total
