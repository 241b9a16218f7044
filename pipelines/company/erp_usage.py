"""What the ERP meters and charges: usage records, and in arrears a charge and an invoice a month.

An invoice comes from the sales order; its revenue element joins the order's arrangement. What was
paid up front is recognized by the order line's own element.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pipelines.company.erp_elements import Element, add_element
from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    DEFERRED,
    RECEIVABLE,
    Books,
    Invoice,
    Movement,
    customer_id,
    item_id,
)
from pipelines.company.erp_ledger import add_posting
from pipelines.company.market import (
    ERP_SCALE,
    money,
    month_end,
    month_of,
    month_start,
    usd_at_erp_rate,
)
from pipelines.company.plans import PlannedRow
from pipelines.company.rows import Row, stamp
from pipelines.company.story import Story, Version


@dataclass(frozen=True)
class Charge:
    """What a month's use adds to what was paid up front; the ids of its invoice and element."""

    row: PlannedRow
    units: int
    invoice: int
    element: int

    @property
    def version(self) -> Version:
        """The version that was used."""
        return self.row.version

    @property
    def starts(self) -> date:
        """First day of service in the month."""
        return max(month_start(self.row.month), self.version.erp.starts)

    @property
    def day(self) -> date:
        """Last day of service in the month; the invoice's date."""
        return min(month_end(self.row.month), self.version.erp.ends or self.version.erp.starts)


def add_usage(books: Books, story: Story, plan: dict[int, list[PlannedRow]]) -> None:
    """Usage of all orders the ERP has, and what it charged for it."""
    for contract in story.contracts:
        for version in (each for line in contract.lines for each in line.versions):
            if version.meter is None or not version.order.in_erp:
                continue
            _add_readings(books, version)
            for row in plan.get(version.number, []):
                if row.is_charge or row.is_minimum:
                    units = 1 if row.is_minimum else row.amount // _price(version)
                    invoice, element = books.next_id("transaction"), books.next_id("revenueelement")
                    _add_charge(books, Charge(row, units, invoice, element))


def _price(version: Version) -> int:
    """What the ERP charges for a unit, in minor units."""
    return version.erp_meter.price if version.erp_meter else 0


def _add_readings(books: Books, version: Version) -> None:
    for day, units in version.meter.uses if version.meter else ():
        number = books.next_id("usage")
        books.tables.add("usage", {
            "id": number, "customer": customer_id(version.line.contract.erp_customer),
            "item": item_id(version.item), "usagedate": day,
            "usagequantity": Decimal(units), "lastmodifieddate": stamp(day, number, 9),
        })  # fmt: skip


def _add_charge(books: Books, charge: Charge) -> None:
    version, row = charge.version, charge.row
    made = stamp(charge.day, charge.invoice, 9)
    currency = version.line.contract.billed_in
    rate = money(row.amount if row.is_minimum else _price(version), currency)
    _add_invoice(books, charge, rate, made)
    books.tables.add("charge", {
        "id": books.next_id("charge"), "amount": money(row.amount, currency),
        "billdate": charge.day, "chargedate": charge.day,
        "chargetype": "Fixed Date" if row.is_minimum else "Metered",
        "stage": "PROCESSED", "use": "ACTUAL", "invoice": charge.invoice, "invoiceline": 1,
        "currency": CURRENCY_IDS[currency],
        # What is missing to a minimum is an amount and no quantity.
        "quantity": None if row.is_minimum else Decimal(charge.units),
        "rate": None if row.is_minimum else rate,
        "servicestartdate": charge.starts, "serviceenddate": charge.day, "subsidiary": 1,
        "lastmodifieddate": made,
    })  # fmt: skip
    order = version.order
    add_element(books, Element(
        charge.element, version, books.arrangements[order.number], f"Invoice #INV{charge.invoice}",
        "invoice", charge.invoice, charge.day, charge.units, row.amount, row.amount,
        charge.starts, charge.day, row.rate, [row],
    ))  # fmt: skip


def _add_invoice(books: Books, charge: Charge, price: Decimal, made: datetime) -> None:
    """The invoice: a main line, and one line that says which element recognizes it."""
    version, row, number = charge.version, charge.row, charge.invoice
    currency = version.line.contract.billed_in
    amount, base = money(row.amount, currency), money(row.base_amount, "USD")
    rate = Decimal(row.rate) / ERP_SCALE
    books.tables.add("transaction", {
        "id": number, "type": "CustInvc", "tranid": f"INV{number}", "trandate": charge.day,
        "postingperiod": books.periods[month_of(charge.day)], "posting": True, "status": "A",
        "approvalstatus": "2", "entity": customer_id(version.line.contract.erp_customer),
        "currency": CURRENCY_IDS[currency], "exchangerate": rate, "foreigntotal": amount,
        "createddate": made, "startdate": charge.starts, "enddate": charge.day, "voided": False,
        "isreversal": False, "lastmodifieddate": made,
        "memo": "Shortfall to the monthly minimum" if row.is_minimum else "Usage in arrears",
    })  # fmt: skip
    detail: Row = {
        "item": item_id(version.item), "itemtype": "Service",
        "quantity": Decimal(-charge.units), "rate": price, "foreignamount": -amount,
        "netamount": -base, "createdfrom": books.sales_orders[version.order.number],
        "revenueelement": charge.element, "custcol_service_start_date": charge.starts,
        "custcol_service_end_date": charge.day,
    }  # fmt: skip
    main: Row = {"foreignamount": amount, "netamount": base, "createdfrom": detail["createdfrom"]}
    position = books.line_positions[version.number]
    books.tables.add("nexttransactionlinelink", {
        "previousdoc": books.sales_orders[version.order.number], "previousline": position,
        "nextdoc": number, "nextline": 1, "linktype": "OrdBill", "previoustype": "SalesOrd",
        "nexttype": "CustInvc", "foreignamount": amount, "lastmodifieddate": made,
    })  # fmt: skip
    contract, month = version.line.contract, month_of(charge.day)
    books.billed.append(Movement(contract, month, row.amount, row.base_amount))
    books.invoices.append(Invoice(number, contract, charge.day, row.amount, row.base_amount))
    for line_id, values in enumerate((main, detail)):
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": line_id == 0, "taxline": False,
            "isclosed": False, "subsidiary": 1,
            "entity": customer_id(version.line.contract.erp_customer),
            "linelastmodifieddate": made, **values,
        })  # fmt: skip
        debit = usd_at_erp_rate(row.amount, currency, row.rate)
        account, posted = (DEFERRED, -debit) if line_id else (RECEIVABLE, debit)
        add_posting(books, number, line_id, account.id, posted, rate, made)
