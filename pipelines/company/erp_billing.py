"""Invoices and credit memos of sales orders, at the rate of their day, linked as NetSuite does.

Every line says what it was made from (`createdfrom`) and the links say from which line: an
invoice from its order, the credit memo of a reduction from the order that reduces. What a
cancellation takes back is credited from the invoice that billed it.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from pipelines.company.erp_bills import Bill, bills
from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    DEFERRED,
    RECEIVABLE,
    Books,
    Invoice,
    Movement,
    customer_id,
    deferral_account,
    item_id,
)
from pipelines.company.erp_ledger import add_posting
from pipelines.company.market import (
    ERP_SCALE,
    add_months,
    money,
    month_of,
    usd_at_erp_rate,
)
from pipelines.company.rows import stamp
from pipelines.company.story import Story, Version

ORDER_BILL: Final = "OrdBill"
CREDIT_OF_BILL: Final = "SaleRet"


@dataclass(frozen=True)
class _Source:
    """A line of an order or invoice that a billing line is made from."""

    transaction: int
    line: int
    kind: str
    link: str = ORDER_BILL


def add_billing(books: Books, story: Story) -> None:
    """All bills due by now, in the order of their dates."""
    invoiced: dict[int, _Source] = {}
    due = [bill for contract in story.contracts for bill in bills(contract)]
    for bill in sorted(due, key=lambda each: (each.day, each.order.number)):
        _add_bill(books, story, bill, invoiced)


def _source(books: Books, version: Version, amount: int, invoiced: dict[int, _Source]) -> _Source:
    """What a line is billed from; a credit for a cancelled one from the invoice of the line."""
    if version.cancels and amount < 0 and (bill := invoiced.get(version.line.versions[0].number)):
        return bill
    position = books.line_positions[version.number]
    return _Source(books.sales_orders[version.order.number], position, "SalesOrd")


def _add_bill(books: Books, story: Story, bill: Bill, invoiced: dict[int, _Source]) -> None:
    contract = bill.order.contract
    currency = contract.billed_in
    rate = story.market.erp_rate(currency, bill.day)
    number, made = books.next_id("transaction"), stamp(bill.day, bill.order.number)
    is_credit = bill.total < 0
    bases = [usd_at_erp_rate(amount, currency, rate) for _, amount in bill.lines]
    exchange_rate = Decimal(rate) / ERP_SCALE
    books.tables.add("transaction", {
        "id": number, "type": "CustCred" if is_credit else "CustInvc",
        "tranid": f"{'CM' if is_credit else 'INV'}{number}", "trandate": bill.day,
        "postingperiod": books.periods[month_of(bill.day)], "posting": True, "status": "A",
        "approvalstatus": "2", "entity": customer_id(contract.erp_customer),
        "currency": CURRENCY_IDS[currency], "exchangerate": exchange_rate,
        "foreigntotal": money(bill.total, currency), "createddate": made, "startdate": bill.day,
        "enddate": min(contract.ends, add_months(bill.day, 12) - timedelta(days=1)),
        "voided": False, "isreversal": False, "lastmodifieddate": made,
    })  # fmt: skip
    sources = [_source(books, version, amount, invoiced) for version, amount in bill.lines]
    rows: list[tuple[Version | None, int, int]] = [(None, bill.total, sum(bases))]
    rows += [(v, -amount, -base) for (v, amount), base in zip(bill.lines, bases, strict=True)]
    for line_id, (version, amount, base) in enumerate(rows):
        source = sources[max(line_id - 1, 0)]
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": version is None, "taxline": False,
            "item": item_id(version.item) if version else None,
            "itemtype": "Service" if version else None,
            "quantity": Decimal(1 if amount > 0 else -1) if version else None,
            "foreignamount": money(amount, currency), "netamount": money(base, "USD"),
            "createdfrom": source.transaction, "isclosed": False, "subsidiary": 1,
            "entity": customer_id(contract.erp_customer), "isrevrectransaction": False,
            "linelastmodifieddate": made,
        })  # fmt: skip
        account = deferral_account(version.item) if version else RECEIVABLE
        add_posting(books, number, line_id, account.id, base, exchange_rate, made)
        if version is not None:
            books.tables.add("nexttransactionlinelink", {
                "previousdoc": source.transaction, "previousline": source.line,
                "nextdoc": number, "nextline": line_id, "linktype": source.link,
                "previoustype": source.kind, "nexttype": "CustCred" if is_credit else "CustInvc",
                "foreignamount": money(-amount, currency), "lastmodifieddate": made,
            })  # fmt: skip
            invoiced.setdefault(
                version.number, _Source(number, line_id, "CustInvc", CREDIT_OF_BILL)
            )
    # What is collected for others is billed and owed to them: no position of the contract.
    revenue = [
        (amount, base)
        for (version, amount), base in zip(bill.lines, bases, strict=True)
        if deferral_account(version.item) is DEFERRED
    ]
    books.billed.append(
        Movement(
            contract, month_of(bill.day), sum(amount for amount, _ in revenue),
            sum(base for _, base in revenue),
        )
    )  # fmt: skip
    books.invoices.append(Invoice(number, contract, bill.day, bill.total, sum(bases)))
