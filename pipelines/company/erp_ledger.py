"""Revenue journals: one per posting period, two lines per recognized planned row, in USD."""

from datetime import datetime
from decimal import Decimal

from pipelines.company.erp_ids import CURRENCY_IDS, DEFERRED, Books, customer_id, revenue_account
from pipelines.company.market import money, month_end, period_name
from pipelines.company.plans import PlannedRow
from pipelines.company.rows import stamp


def add_journals(books: Books, plan: dict[int, list[PlannedRow]]) -> None:
    """Post all recognized rows, in Detail mode: every row keeps its own pair of lines."""
    by_month: dict[int, list[PlannedRow]] = {}
    for rows in plan.values():
        for row in rows:
            if row.posting_month is not None:
                by_month.setdefault(row.posting_month, []).append(row)
    for month, rows in sorted(by_month.items()):
        _add_journal(books, month, rows)


def _add_journal(books: Books, month: int, rows: list[PlannedRow]) -> None:
    journal, day = books.journals[month], month_end(month)
    made = stamp(day, month, 10)
    total = sum(max(row.base_amount, 0) for row in rows)
    books.tables.add("transaction", {
        "id": journal, "type": "Journal", "tranid": f"JE{journal}", "trandate": day,
        "postingperiod": books.periods[month], "posting": True, "status": "A",
        "approvalstatus": "2", "currency": CURRENCY_IDS["USD"], "exchangerate": Decimal(1),
        "foreigntotal": money(total, "USD"), "createddate": made,
        "memo": f"Revenue recognition {period_name(month)}", "voided": False,
        "isreversal": False, "lastmodifieddate": made,
    })  # fmt: skip
    line_id = 0
    for row in rows:
        product = row.version.item
        amount = row.base_amount
        for account, debit in ((DEFERRED, amount), (revenue_account(product), -amount)):
            _add_journal_line(books, row, journal, line_id, debit, made)
            add_posting(books, journal, line_id, account.id, debit, Decimal(1), made)
            line_id += 1


def _add_journal_line(  # noqa: PLR0913, PLR0917 - the columns of one row
    books: Books, row: PlannedRow, journal: int, line_id: int, debit: int, made: datetime
) -> None:
    books.tables.add("transactionline", {
        "uniquekey": books.next_id("uniquekey"), "transaction": journal, "id": line_id,
        "linesequencenumber": line_id, "mainline": False, "taxline": False,
        "foreignamount": money(debit, "USD"), "netamount": money(debit, "USD"),
        "createdfrom": books.arrangements[row.version.order.number], "isclosed": False,
        "subsidiary": 1, "entity": customer_id(row.version.line.contract.customer),
        "memo": "Revenue recognition", "linelastmodifieddate": made,
    })  # fmt: skip


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
