"""Journals and the lines of any transaction in the ledger, in USD.

A month's revenue is one journal: two lines per recognized planned row (Detail mode) or, as it was
done at first, two lines per pair of accounts (Summary mode), which no longer say for what.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    DEFERRED,
    Account,
    Books,
    customer_id,
    revenue_account,
)
from pipelines.company.market import FIRST_MONTH, MONTHS_PER_YEAR, money, month_end, period_name
from pipelines.company.plans import PlannedRow
from pipelines.company.rows import stamp
from pipelines.company.story import Contract, Version

# The first year was posted in Summary mode.
SUMMARY_THROUGH: Final = FIRST_MONTH + MONTHS_PER_YEAR - 1


@dataclass(frozen=True)
class JournalLine:
    """A line of a journal.

    Attributes:
        debit: cents, negative on the credit side.
        source: transaction it comes from, as a revenue arrangement.
        entity: id of its customer.
    """

    account: Account
    debit: int
    memo: str | None = None
    source: int | None = None
    entity: int | None = None


def add_journals(books: Books, plan: dict[int, list[PlannedRow]]) -> None:
    """Post all recognized rows."""
    by_month: dict[int, list[PlannedRow]] = {}
    for rows in plan.values():
        for row in rows:
            if row.posting_month is not None:
                by_month.setdefault(row.posting_month, []).append(row)
    for month, rows in sorted(by_month.items()):
        lines = _summed(rows) if month <= SUMMARY_THROUGH else _detailed(books, rows)
        add_journal(
            books, books.journals[month], month, lines,
            memo=f"Revenue recognition {period_name(month)}", is_revenue=True,
        )  # fmt: skip


def _detailed(books: Books, rows: Iterable[PlannedRow]) -> list[JournalLine]:
    """Every row keeps its own pair of lines."""
    return [
        JournalLine(account, debit, "Revenue recognition", arrangement_of(books, row.version),
                    customer_id(row.version.line.contract.erp_customer))
        for row in rows
        for account, debit in (
            (DEFERRED, row.base_amount),
            (revenue_account(row.version.item), -row.base_amount),
        )
    ]  # fmt: skip


def _summed(rows: Iterable[PlannedRow]) -> list[JournalLine]:
    """One pair of lines for each account that revenue goes to."""
    totals: dict[Account, int] = {}
    for row in rows:
        account = revenue_account(row.version.item)
        totals[account] = totals.get(account, 0) + row.base_amount
    return [
        JournalLine(each, debit, "Revenue recognition, summary")
        for account, total in totals.items()
        for each, debit in ((DEFERRED, total), (account, -total))
    ]


def arrangement_of(books: Books, version: Version) -> int:
    """Transaction id of the revenue arrangement of a version's order."""
    return books.arrangements[version.order.number]


def first_arrangement(books: Books, contract: Contract) -> int:
    """The arrangement that journals for a whole contract name."""
    return next(
        books.arrangements[order.number] for order in contract.orders if order.in_erp
    )  # fmt: skip


def add_journal(  # noqa: PLR0913 - the columns of one row
    books: Books,
    number: int,
    month: int,
    lines: Iterable[JournalLine],
    *,
    memo: str,
    is_revenue: bool = False,
    is_reversal: bool = False,
    hours: int = 10,
) -> None:
    """A journal of the last day of a month; a line of zero is one all the same.

    Args:
        books: the account.
        number: its transaction id.
        month: the month it is posted in.
        lines: its lines, which sum to zero.
        memo: its memo.
        is_revenue: whether the ERP's revenue management made it.
        is_reversal: whether it takes an earlier journal back.
        hours: when it was made, after the start of the day.
    """
    day, lines = month_end(month), list(lines)
    made = stamp(day, month, hours)
    books.tables.add("transaction", {
        "id": number, "type": "Journal", "tranid": f"JE{number}", "trandate": day,
        "postingperiod": books.periods[month], "posting": True, "status": "A",
        "approvalstatus": "2", "currency": CURRENCY_IDS["USD"], "exchangerate": Decimal(1),
        "foreigntotal": money(sum(max(line.debit, 0) for line in lines), "USD"),
        "createddate": made, "memo": memo, "voided": False, "isreversal": is_reversal,
        "lastmodifieddate": made,
    })  # fmt: skip
    for line_id, line in enumerate(lines):
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": False, "taxline": False,
            "foreignamount": money(line.debit, "USD"), "netamount": money(line.debit, "USD"),
            "createdfrom": line.source, "isclosed": False, "subsidiary": 1,
            "entity": line.entity, "memo": line.memo, "isrevrectransaction": is_revenue,
            "linelastmodifieddate": made,
        })  # fmt: skip
        add_posting(books, number, line_id, line.account.id, line.debit, Decimal(1), made)


def add_posting(  # noqa: PLR0913, PLR0917 - the columns of one row
    books: Books,
    transaction: int,
    line_id: int,
    account: int,
    debit: int,
    rate: Decimal,
    made: datetime,
) -> None:
    """An accounting line of the primary book.

    Args:
        books: the account.
        transaction: id of the transaction.
        line_id: id of the line in it.
        account: ledger account.
        debit: cents, negative on the credit side.
        rate: exchange rate of the transaction.
        made: when it was posted.
    """
    # A negative posting (a reduction) is shown on the other side, never as a negative debit.
    amount = money(debit, "USD")
    books.tables.add("transactionaccountingline", {
        "transaction": transaction, "transactionline": line_id, "accountingbook": 1,
        "account": account, "amount": amount, "debit": amount if debit > 0 else None,
        "credit": -amount if debit <= 0 else None, "posting": True, "exchangerate": rate,
        "lastmodifieddate": made,
    })  # fmt: skip
