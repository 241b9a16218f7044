"""Reclassification journals: what the month's end does to deferred revenue.

Once a month, after revenue was recognized. The last month's unbilled part is taken back and this
month's moved from deferred revenue to contract assets, netted per contract; and deferred revenue
is brought to the rates its billings were made at.
"""

from itertools import pairwise

from pipelines.company.erp_ids import ADJUSTED, DEFERRED, UNBILLED, Books, customer_id
from pipelines.company.erp_ledger import JournalLine, add_journal, first_arrangement
from pipelines.company.market import period_name
from pipelines.company.plans import PlannedRow
from pipelines.company.positions import Position, positions
from pipelines.company.story import Story


def add_reclassifications(books: Books, story: Story, plan: dict[int, list[PlannedRow]]) -> None:
    """A journal for every month with something to move."""
    by_month: dict[int, list[JournalLine]] = {}
    for months in positions(story.market, plan, books.billed):
        before = [None, *months]
        for last, now in pairwise(before):
            if now is not None and (lines := _lines(books, last, now)):
                by_month.setdefault(now.month, []).extend(lines)
    for month, lines in sorted(by_month.items()):
        add_journal(
            books, books.next_id("transaction"), month, lines,
            memo=f"Deferred revenue reclassification {period_name(month)}", is_revenue=True,
            hours=11,
        )  # fmt: skip


def _lines(books: Books, last: Position | None, now: Position) -> list[JournalLine]:
    taken_back = 0 if last is None else max(-last.base_amount, 0)
    moved = max(-now.base_amount, 0)
    adjusted = now.adjusted - (0 if last is None else last.adjusted)
    pairs = (
        (taken_back, DEFERRED, UNBILLED, "Reversal of unbilled revenue"),
        (moved, UNBILLED, DEFERRED, "Unbilled revenue"),
        (adjusted, ADJUSTED, DEFERRED, "Currency adjustment of deferred revenue"),
    )
    arrangement = first_arrangement(books, now.contract)
    entity = customer_id(now.contract.erp_customer)
    return [
        JournalLine(account, amount, memo, arrangement, entity)
        for debit, debited, credited, memo in pairs
        if debit
        for account, amount in ((debited, debit), (credited, -debit))
    ]
