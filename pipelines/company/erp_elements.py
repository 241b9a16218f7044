"""Revenue elements and their plans: what the ERP recognizes of an order or invoice line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from pipelines.company.catalog import ERP_RULES, POINT_IN_TIME
from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    DEFERRED,
    Books,
    customer_id,
    item_id,
    revenue_account,
)
from pipelines.company.market import AS_OF, ERP_SCALE, money, month_end
from pipelines.company.plans import PlannedRow
from pipelines.company.rows import Row, stamp
from pipelines.company.story import Version

ARRANGEMENT_HOURS: Final = 3
PLAN_TYPES: Final = ("ACTUAL", "FORECAST")
STRAIGHT_LINE: Final = "STRAIGHTLINE"
BY_EVENT: Final = "EVENTPERCENT"


@dataclass(frozen=True)
class Element:
    """One element.

    Attributes:
        arrangement: transaction id of its revenue arrangement.
        source: display text of the transaction it comes from.
        source_type: record type of that transaction.
        reference: its id.
        day: when it was made.
        amount: minor units of the source line.
        allocated: minor units it recognizes.
        fair_value: minor units of its standalone selling price, where the amount was allocated.
        rows: its planned rows.
    """

    id: int
    version: Version
    arrangement: int
    source: str
    source_type: str
    reference: int
    day: date
    quantity: int
    amount: int
    allocated: int
    starts: date
    ends: date
    rate: int
    rows: list[PlannedRow]
    fair_value: Decimal | None = None


def element_end(version: Version) -> date:
    """Last day the ERP recognizes on."""
    terms = version.open_part(version.erp)
    pattern = version.erp_pattern or version.item.pattern
    at_once = pattern == POINT_IN_TIME or terms.ends is None
    return terms.starts if at_once or terms.ends is None else terms.ends


def element_rule(version: Version) -> str | None:
    """What the ERP calls the rule it recognizes by."""
    return ERP_RULES[version.erp_pattern] if version.erp_pattern else version.item.erp_rule


def add_element(books: Books, element: Element) -> None:
    """An element with its plans."""
    version = element.version
    order, product = version.order, version.item
    currency = order.contract.billed_in
    amount = money(element.amount, currency)
    books.tables.add("revenueelement", {
        "id": element.id, "recordnumber": str(element.id),
        "revenuearrangement": element.arrangement, "source": element.source,
        "sourcerecordtype": element.source_type, "referenceid": str(element.reference),
        "item": item_id(product), "entity": customer_id(order.contract.erp_customer),
        "quantity": Decimal(element.quantity), "salesamount": amount,
        "discountedsalesamount": amount, "allocationamount": money(element.allocated, currency),
        "fairvalue": element.fair_value, "currency": CURRENCY_IDS[currency],
        "exchangerate": Decimal(element.rate) / ERP_SCALE, "revrecstartdate": element.starts,
        "revrecenddate": element.ends, "revenuerecognitionrule": element_rule(version),
        "deferralaccount": DEFERRED.id, "recognitionaccount": revenue_account(product).id,
        "revenueplanstatus": "PLANCREATED", "elementdate": element.day, "subsidiary": 1,
        "accountingbook": 1,
        "lastmodifieddate": stamp(element.day, order.number, ARRANGEMENT_HOURS),
    })  # fmt: skip
    _add_plans(books, element)


def _add_plans(books: Books, element: Element) -> None:
    """The ACTUAL plan and its FORECAST twin, which is never recognized."""
    version, rows = element.version, element.rows
    currency, product = version.line.contract.billed_in, version.item
    recognized = sum(row.posting_month is not None for row in rows)
    status = "COMPLETED" if recognized == len(rows) else "INPROGRESS" if recognized else (
        "NOTSTARTED")  # fmt: skip
    # A plan that follows use changes with every reading.
    day = min(AS_OF, month_end(rows[-1].month)) if version.meter and rows else element.day
    for kind in PLAN_TYPES:
        actual = kind == "ACTUAL"
        plan_id = books.next_id("revenueplan")
        books.tables.add("revenueplan", {
            "id": plan_id, "recordnumber": str(plan_id), "createdfrom": element.id,
            "revenueplantype": kind, "amount": money(sum(row.amount for row in rows), currency),
            "revenueplancurrency": currency, "exchangerate": Decimal(element.rate) / ERP_SCALE,
            "item": item_id(product),
            "recognitionmethod": BY_EVENT if version.meter else STRAIGHT_LINE,
            "revenuerecognitionrule": element_rule(version), "revrecstartdate": element.starts,
            "revrecenddate": element.ends, **_hold(books, version),
            "statusfordisplay": status if actual else "NOTSTARTED", "accountingbook": 1,
            "lastmodifieddate": stamp(day, version.order.number, ARRANGEMENT_HOURS),
        })  # fmt: skip
        for row in rows:
            _add_planned(books, plan_id, row, row.posting_month if actual else None)


def _hold(books: Books, version: Version) -> Row:
    """Whether a plan is on hold, or the period in which it was caught up after one."""
    hold = version.hold
    until = None if hold is None else hold.until_month
    return {
        "holdrevenuerecognition": hold is not None and until is None,
        "catchupperiod": None if until is None else books.periods[until],
    }


def _add_planned(books: Books, plan_id: int, row: PlannedRow, posting: int | None) -> None:
    if posting is not None and posting not in books.journals:
        books.journals[posting] = books.next_id("transaction")
    product, currency = row.version.item, row.version.line.contract.billed_in
    books.tables.add("revenueplanplannedrevenue", {
        "id": books.next_id("revenueplanplannedrevenue"), "revenueplan": plan_id,
        "amount": money(row.amount, currency), "plannedperiod": books.periods[row.month],
        "postingperiod": None if posting is None else books.periods[posting],
        "journal": None if posting is None else books.journals[posting],
        "dateexecuted": None if posting is None else month_end(posting),
        "isrecognized": posting is not None, "plannedrevenuetype": "PLANNED",
        "deferredrevenueaccount": DEFERRED.id,
        "recognitionaccount": revenue_account(product).id,
        "exchangerate": Decimal(row.rate) / ERP_SCALE,
    })  # fmt: skip
