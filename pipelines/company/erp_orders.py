"""Sales orders and revenue arrangements as NetSuite keeps them.

Quantities and amounts of order lines are negated, as NetSuite stores sales.
"""

from datetime import datetime
from decimal import Decimal
from typing import Final

from pipelines.company.catalog import OUT_OF_SCOPE
from pipelines.company.crm_lines import order_item_id
from pipelines.company.crm_variable import monthly_minimum
from pipelines.company.erp_elements import ARRANGEMENT_HOURS, Element, add_element, element_end
from pipelines.company.erp_ids import CURRENCY_IDS, Books, customer_id, item_id
from pipelines.company.ids import SHORT_LENGTH, salesforce_id
from pipelines.company.market import (
    ERP_SCALE,
    EXPONENT,
    LAST_MONTH,
    money,
    month_end,
    usd_at_erp_rate,
)
from pipelines.company.plans import PlannedRow, erp_rate
from pipelines.company.rows import Row, stamp
from pipelines.company.story import Order, Story, Terms, Version

FULLY_BILLED: Final = "G"
PENDING_FULFILLMENT: Final = "B"


def add_orders(books: Books, story: Story, plan: dict[int, list[PlannedRow]]) -> None:
    """All orders the ERP has, in the order of their dates."""
    orders = [order for contract in story.contracts for order in contract.orders if order.in_erp]
    for order in sorted(orders, key=lambda each: (each.erp_date, each.number)):
        rate = erp_rate(story, order.versions[0])
        made = stamp(order.entered_on or order.erp_date, order.number)
        sales_order = books.next_id("transaction")
        arrangement = books.next_id("transaction")
        books.sales_orders[order.number] = sales_order
        books.arrangements[order.number] = arrangement
        _add_headers(books, order, rate, sales_order, arrangement)
        lines = [
            (version, part, terms)
            for version in order.versions
            for part, terms in enumerate(version.erp_lines)
        ]
        for position, (version, part, terms) in enumerate(lines, start=1):
            revenue = version.item.pattern != OUT_OF_SCOPE
            element = books.next_id("revenueelement") if revenue else None
            _add_line(books, version, terms, position, sales_order, element, rate, made)
            rows = [
                row for row in plan.get(version.number, []) if row.part == part and row.is_of_order
            ]
            if element is not None:
                add_element(
                    books, _element(version, terms, sales_order, arrangement, element, rate, rows)
                )
        if order.number % 4 == 0:
            books.tables.add("transactionline", {
                **_line_base(books, sales_order, len(lines) + 1, made),
                "taxline": True, "foreignamount": Decimal(0), "netamount": Decimal(0),
                "entity": customer_id(order.contract.erp_customer),
            })  # fmt: skip


def order_tranid(order: Order) -> str:
    """Number of the sales order."""
    return f"SO{10_000 + order.number}"


def _line_base(books: Books, transaction: int, line_id: int, made: datetime) -> Row:
    return {
        "uniquekey": books.next_id("uniquekey"), "transaction": transaction, "id": line_id,
        "linesequencenumber": line_id, "mainline": line_id == 0, "taxline": False,
        "isclosed": False, "subsidiary": 1, "linelastmodifieddate": made,
    }  # fmt: skip


def _add_headers(books: Books, order: Order, rate: int, sales_order: int, arrangement: int) -> None:
    """The sales order, its revenue arrangement some hours later, and a main line of each."""
    contract, currency = order.contract, order.contract.billed_in
    minor = sum(version.erp.amount for version in order.versions)
    base = sum(usd_at_erp_rate(v.erp.amount, currency, rate) for v in order.versions)
    number_in_crm = (order.repeats or order).number
    crm_order = salesforce_id("801", number_in_crm) if contract.in_crm else None
    if crm_order and order.number % 2:
        crm_order = crm_order[:SHORT_LENGTH]
    deal = salesforce_id("006", number_in_crm) if contract.in_crm else None
    kinds = (
        (sales_order, "SalesOrd", order_tranid(order), 0, crm_order, deal),
        (arrangement, "RevArrng", f"RA{10_000 + order.number}", ARRANGEMENT_HOURS, None, None),
    )
    for number, kind, tranid, hours, order_key, deal_key in kinds:
        made = stamp(order.entered_on or order.erp_date, order.number, hours)
        billed = FULLY_BILLED if order.effective_on <= month_end(LAST_MONTH) else (
            PENDING_FULFILLMENT)  # fmt: skip
        books.tables.add("transaction", {
            "id": number, "type": kind, "tranid": tranid, "trandate": order.erp_date,
            "posting": False, "status": billed if kind == "SalesOrd" else "A",
            "approvalstatus": "2", "entity": customer_id(contract.erp_customer),
            "currency": CURRENCY_IDS[currency], "exchangerate": Decimal(rate) / ERP_SCALE,
            "foreigntotal": money(minor, currency), "createddate": made,
            "startdate": order.effective_on, "enddate": contract.ends, "voided": False,
            "isreversal": False, "custbody_sf_order_id": order_key,
            "memo": None if contract.in_crm else "Keyed by hand from a signed order form",
            "custbody_sf_opportunity_id": deal_key, "lastmodifieddate": made,
        })  # fmt: skip
        books.tables.add("transactionline", {
            **_line_base(books, number, 0, made), "foreignamount": money(minor, currency),
            "netamount": money(base, "USD"), "entity": customer_id(contract.erp_customer),
        })  # fmt: skip


def _add_line(  # noqa: PLR0913, PLR0917 - the columns of one row
    books: Books,
    version: Version,
    terms: Terms,
    position: int,
    sales_order: int,
    element: int | None,
    rate: int,
    made: datetime,
) -> None:
    order = version.order
    currency = order.contract.billed_in
    billed = version.closed.quantity if version.closed else terms.quantity
    named = version.repeats or version
    key = order_item_id(named) if named.crm and order.line_keys else None
    if key and version.number % 3 == 0:
        key = key[:SHORT_LENGTH]
    row: Row = {
        **_line_base(books, sales_order, position, made),
        "item": item_id(version.item), "itemtype": "Service",
        "quantity": Decimal(-terms.quantity), "isclosed": version.closed is not None,
        "quantitybilled": Decimal(billed if order.effective_on <= month_end(LAST_MONTH) else 0),
        "rate": money(terms.unit_price, currency),
        "foreignamount": money(-terms.amount, currency),
        "netamount": money(-usd_at_erp_rate(terms.amount, currency, rate), "USD"),
        "revenueelement": element, "entity": customer_id(order.contract.erp_customer),
        "custcol_sf_order_item_id": key, "custcol_service_start_date": terms.starts,
        "custcol_service_end_date": terms.ends,
        "custcol_monthly_minimum": monthly_minimum(version.erp_meter, currency),
    }  # fmt: skip
    books.tables.add("transactionline", row)
    for held in version.holds:
        books.line_keys.setdefault(held.number, int(str(row["uniquekey"])))
        books.line_positions.setdefault(held.number, int(str(row["id"])))


def _element(  # noqa: PLR0913, PLR0917 - what an element consists of
    version: Version,
    terms: Terms,
    sales_order: int,
    arrangement: int,
    element: int,
    rate: int,
    rows: list[PlannedRow],
) -> Element:
    """The element of an order line."""
    order = version.order
    allocated = terms.amount if version.erp_allocated is None else version.erp_allocated
    if version.closed:
        allocated = version.closed.amount
    return Element(
        element, version, arrangement, f"Sales Order #{order_tranid(order)}", "salesorder",
        sales_order, order.erp_date, version.closed.quantity if version.closed else terms.quantity,
        version.closed.amount if version.closed else terms.amount, allocated, terms.starts,
        element_end(version), rate, rows, _fair_value(version),
    )  # fmt: skip


def _fair_value(version: Version) -> Decimal | None:
    """What the ERP takes for the standalone selling price of a line it allocated to."""
    if version.erp_fair_value is None:
        return None
    currency = version.line.contract.billed_in
    exact = Decimal(version.erp_fair_value.numerator) / version.erp_fair_value.denominator
    return exact.scaleb(-EXPONENT[currency])
