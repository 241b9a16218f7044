"""What people book past revenue management: manual journals, and invoices that no order asked for.

Both reach revenue accounts and belong to no contract.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from pipelines.company.catalog import IMPLEMENTATION
from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    DEFERRED,
    RECEIVABLE,
    SERVICES,
    SUBSCRIPTION,
    Books,
    customer_id,
    item_id,
)
from pipelines.company.erp_ledger import JournalLine, add_journal, add_posting
from pipelines.company.market import AS_OF, FIRST_MONTH, LAST_MONTH, money, month_of
from pipelines.company.rows import stamp
from pipelines.company.story import Customer, Story

ONE: Final = Decimal(1)
# Months from the first one, and the cents of an accrual that the next month takes back.
ACCRUALS: Final = ((14, 421_350), (26, 388_000))
# Months from the first one, and the cents moved between two revenue accounts.
MOVES: Final = ((5, 150_000), (29, 96_275))
# The cents of old deposits that nobody claimed, taken from deferred revenue in the last month.
WRITTEN_OFF: Final = 12_480
TRAINING: Final = ((9, 180_000), (20, 225_050), (41, 90_000))


def add_manual_journals(books: Books) -> None:
    """Accruals with their reversals, moves between accounts, and a release."""
    for after, cents in ACCRUALS:
        for turn in (0, 1):
            debit = cents if turn else -cents
            lines = [JournalLine(SUBSCRIPTION, debit), JournalLine(SERVICES, -debit)]
            add_journal(
                books, books.next_id("transaction"), FIRST_MONTH + after + turn, lines,
                memo="Accrual of revenue, other account" + (", reversed" if turn else ""),
                is_reversal=bool(turn), hours=12,
            )  # fmt: skip
    for after, cents in MOVES:
        add_journal(
            books, books.next_id("transaction"), FIRST_MONTH + after,
            [JournalLine(SERVICES, cents), JournalLine(SUBSCRIPTION, -cents)],
            memo="Services sold as subscription", hours=12,
        )  # fmt: skip
    add_journal(
        books, books.next_id("transaction"), LAST_MONTH,
        [JournalLine(DEFERRED, WRITTEN_OFF), JournalLine(SERVICES, -WRITTEN_OFF)],
        memo="Release of unclaimed deposits", hours=12,
    )  # fmt: skip


def add_standalone_invoices(books: Books, story: Story) -> None:
    """Days of training, invoiced without an order and straight to revenue."""
    in_usd = [each for each in story.customers if each.currency == "USD"]
    for number, (after, cents) in enumerate(TRAINING):
        month = FIRST_MONTH + after
        day = date(month // 12, month % 12 + 1, 17)
        known = [each for each in in_usd if each.since <= day <= AS_OF]
        if known:
            _add_invoice(books, known[number % len(known)], day, cents)


def _add_invoice(books: Books, customer: Customer, day: date, cents: int) -> None:
    number = books.next_id("transaction")
    made = stamp(day, number)
    books.tables.add("transaction", {
        "id": number, "type": "CustInvc", "tranid": f"INV{number}", "trandate": day,
        "postingperiod": books.periods[month_of(day)], "posting": True, "status": "A",
        "approvalstatus": "2", "entity": customer_id(customer),
        "currency": CURRENCY_IDS["USD"], "exchangerate": ONE, "foreigntotal": money(cents, "USD"),
        "createddate": made, "memo": "Training on site", "voided": False, "isreversal": False,
        "lastmodifieddate": made,
    })  # fmt: skip
    for line_id, (account, debit) in enumerate(((RECEIVABLE, cents), (SERVICES, -cents))):
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": line_id == 0, "taxline": False,
            "item": item_id(IMPLEMENTATION) if line_id else None,
            "itemtype": "Service" if line_id else None,
            "quantity": Decimal(-1) if line_id else None,
            "foreignamount": money(debit, "USD"), "netamount": money(debit, "USD"),
            "isclosed": False, "subsidiary": 1, "entity": customer_id(customer),
            "isrevrectransaction": False, "linelastmodifieddate": made,
        })  # fmt: skip
        add_posting(books, number, line_id, account.id, debit, ONE, made)
