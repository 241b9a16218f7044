"""Payments of invoices and refunds of credit memos, some weeks later and at the rate of that day.

A payment takes off the receivable what its invoice put on it; what the currency made of it in
between is a realized gain or loss.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from pipelines.company.erp_ids import (
    BANK,
    CURRENCY_IDS,
    REALIZED,
    RECEIVABLE,
    Books,
    Invoice,
    customer_id,
)
from pipelines.company.erp_ledger import add_posting
from pipelines.company.market import AS_OF, ERP_SCALE, money, month_of, usd_at_erp_rate
from pipelines.company.rows import stamp
from pipelines.company.story import Story

EARLIEST_DAYS: Final = 18
SPREAD_DAYS: Final = 41


def settled_on(invoice: Invoice) -> date | None:
    """The day an invoice was paid or a credit memo refunded; None: not yet."""
    day = invoice.day + timedelta(days=EARLIEST_DAYS + invoice.transaction % SPREAD_DAYS)
    return day if day <= AS_OF else None


def add_settlements(books: Books, story: Story) -> None:
    """All that was settled by now, in the order of its dates."""
    days = [(settled_on(invoice), invoice) for invoice in books.invoices if invoice.amount]
    due = [(day, invoice) for day, invoice in days if day is not None]
    for day, invoice in sorted(due, key=lambda each: (each[0], each[1].transaction)):
        currency = invoice.contract.billed_in
        _add_settlement(books, invoice, day, story.market.erp_rate(currency, day))


def _add_settlement(books: Books, invoice: Invoice, day: date, rate: int) -> None:
    currency, number = invoice.contract.billed_in, books.next_id("transaction")
    paid = usd_at_erp_rate(invoice.amount, currency, rate)
    is_payment = invoice.amount > 0
    kind, prefix = ("CustPymt", "PYMT") if is_payment else ("CustRfnd", "RFND")
    made, exchange_rate = stamp(day, number, 1), Decimal(rate) / ERP_SCALE
    books.tables.add("transaction", {
        "id": number, "type": kind, "tranid": f"{prefix}{number}", "trandate": day,
        "postingperiod": books.periods[month_of(day)], "posting": True, "status": "A",
        "entity": customer_id(invoice.contract.erp_customer), "currency": CURRENCY_IDS[currency],
        "exchangerate": exchange_rate, "foreigntotal": money(invoice.amount, currency),
        "createddate": made, "voided": False, "isreversal": False, "lastmodifieddate": made,
    })  # fmt: skip
    postings = (
        (RECEIVABLE, -invoice.amount, -invoice.base_amount),
        (BANK, invoice.amount, paid),
        (REALIZED, 0, invoice.base_amount - paid),
    )
    for line_id, (account, amount, base) in enumerate(postings):
        if account is REALIZED and not base:
            continue
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": line_id == 0, "taxline": False,
            "foreignamount": money(amount, currency), "netamount": money(base, "USD"),
            "isclosed": False, "subsidiary": 1,
            "entity": customer_id(invoice.contract.erp_customer), "isrevrectransaction": False,
            "linelastmodifieddate": made,
        })  # fmt: skip
        add_posting(books, number, line_id, account.id, base, exchange_rate, made)
    books.tables.add("nexttransactionlinelink", {
        "previousdoc": invoice.transaction, "previousline": 0, "nextdoc": number, "nextline": 0,
        "linktype": "Payment", "previoustype": "CustInvc" if is_payment else "CustCred",
        "nexttype": kind, "foreignamount": money(invoice.amount, currency),
        "lastmodifieddate": made,
    })  # fmt: skip
