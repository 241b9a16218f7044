"""Invoices and credit memos: deals are billed up front, multi-year deals a year at a time."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    RECEIVABLE,
    Books,
    customer_id,
    deferral_account,
    item_id,
)
from pipelines.company.erp_ledger import add_posting
from pipelines.company.market import (
    AS_OF,
    ERP_SCALE,
    MONTHS_PER_YEAR,
    add_months,
    money,
    month_of,
    rounded,
    usd_at_erp_rate,
)
from pipelines.company.plans import erp_rate
from pipelines.company.rows import stamp
from pipelines.company.schedule import Entry, unearned
from pipelines.company.story import Contract, Line, Order, Story, Version


@dataclass(frozen=True)
class Bill:
    """An invoice (positive lines) or a credit memo (negative lines), amounts in minor units."""

    order: Order
    day: date
    lines: tuple[tuple[Version, int], ...]


def add_billing(books: Books, story: Story) -> None:
    """All bills due by now, in the order of their dates."""
    bills = [bill for contract in story.contracts for bill in _bills(contract)]
    for bill in sorted(bills, key=lambda each: (each.day, each.order.number)):
        _add_bill(books, bill, erp_rate(story, bill.order.versions[0]))


def _bills(contract: Contract) -> list[Bill]:
    result = []
    for order in contract.orders:
        if not order.in_erp:
            continue
        # A swap ends one line and adds another: a credit memo and an invoice.
        ended = [version for version in order.versions if version.cancels]
        kept = [version for version in order.versions if not version.cancels]
        if ended:
            lines = [(version, -_to_credit(version.line, version)) for version in ended]
            result.append(Bill(order, order.effective_on, tuple(lines)))
        days = _bill_days(contract) if order.kind != "Amendment" else [order.effective_on]
        for number, day in enumerate(days):
            lines = [(version, _share(version, number, len(days))) for version in kept]
            result.append(Bill(order, day, tuple(lines)))
    stop = _known_cancellation(contract)
    due = [
        Bill(bill.order, bill.day, tuple(line for line in bill.lines if line[1]))
        for bill in result
        if bill.day <= AS_OF and (stop is None or bill.day <= stop)
    ]
    return [bill for bill in due if bill.lines]


def _bill_days(contract: Contract) -> list[date]:
    """The first day of every year of service."""
    years = range(max(1, contract.months // MONTHS_PER_YEAR))
    return [add_months(contract.starts, MONTHS_PER_YEAR * year) for year in years]


def _share(version: Version, number: int, count: int) -> int:
    """What the n-th of several bills takes of a version.

    A ramp's year is billed when it starts, a one-time delivery with the first bill.
    """
    amount, segment = version.erp.amount, version.line.segment
    if version.closed:
        return version.closed.amount if number == 0 else 0
    if segment is not None or not version.line.product.recurring:
        return amount if number == (segment or 1) - 1 else 0
    return rounded(amount * (number + 1), count) - rounded(amount * number, count)


def _known_cancellation(contract: Contract) -> date | None:
    """The day the whole contract was cancelled, if the ERP knows of it."""
    return contract.cancelled_on if contract.orders[-1].in_erp else None


def _to_credit(line: Line, cancelling: Version) -> int:
    """What was billed for a line and not earned by the day it was cancelled; never negative."""
    contract, day = line.contract, cancelling.erp.starts
    days = _bill_days(contract)
    versions = [each for each in line.versions if each.order.in_erp and not each.cancels]
    later = [number for number, due in enumerate(days) if due > day]
    unbilled = sum(
        _share(version, number, len(days))
        for version in versions if version.order.kind != "Amendment"
        for number in later
    )  # fmt: skip
    entries = [Entry(each.erp.amount, each.erp.starts, each.erp.ends) for each in versions]
    return max(0, unearned(entries, day) - unbilled)


def _add_bill(books: Books, bill: Bill, rate: int) -> None:
    customer = bill.order.contract.customer
    currency, number = bill.order.contract.billed_in, books.next_id("transaction")
    kind, prefix = ("CustInvc", "INV") if bill.lines[0][1] > 0 else ("CustCred", "CM")
    made = stamp(bill.day, number)
    bases = [usd_at_erp_rate(amount, currency, rate) for _, amount in bill.lines]
    total = sum(amount for _, amount in bill.lines)
    exchange_rate = Decimal(rate) / ERP_SCALE
    books.tables.add("transaction", {
        "id": number, "type": kind, "tranid": f"{prefix}{number}", "trandate": bill.day,
        "postingperiod": books.periods[month_of(bill.day)], "posting": True, "status": "A",
        "approvalstatus": "2", "entity": customer_id(customer),
        "currency": CURRENCY_IDS[currency], "exchangerate": exchange_rate,
        "foreigntotal": money(total, currency), "createddate": made, "startdate": bill.day,
        "enddate": min(bill.order.contract.ends, add_months(bill.day, 12) - timedelta(days=1)),
        "voided": False, "isreversal": False, "lastmodifieddate": made,
    })  # fmt: skip
    rows: list[tuple[Version | None, int, int]] = [(None, total, sum(bases))]
    rows += [(v, -amount, -base) for (v, amount), base in zip(bill.lines, bases, strict=True)]
    for line_id, (version, amount, base) in enumerate(rows):
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": version is None, "taxline": False,
            "item": item_id(version.item) if version else None,
            "itemtype": "Service" if version else None,
            "quantity": Decimal(1 if amount > 0 else -1) if version else None,
            "foreignamount": money(amount, currency), "netamount": money(base, "USD"),
            "isclosed": False, "subsidiary": 1, "entity": customer_id(customer),
            "linelastmodifieddate": made,
        })  # fmt: skip
        account = deferral_account(version.item) if version else RECEIVABLE
        add_posting(books, number, line_id, account.id, base, exchange_rate, made)
