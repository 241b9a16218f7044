"""What moves the price of a sold line in the ERP: estimated rebates and credit memos.

An estimate is a return authorization of the sales order without goods: nothing is posted by it and
its negative revenue element joins the order's arrangement. What the rebate was in the end is a
second one over the difference, and a credit memo of the authorization, which carries its element
and so recognizes nothing itself. A concession is a credit memo of the sales order with an element
of its own.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.company.erp_elements import Element, add_element, element_end
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
from pipelines.company.market import ERP_SCALE, money, month_of, usd_at_erp_rate
from pipelines.company.plans import PlannedRow, erp_rate
from pipelines.company.rows import Row, stamp
from pipelines.company.story import Story, Version
from pipelines.company.variable import Change


@dataclass(frozen=True)
class _Document:
    """A return authorization or a credit memo with one line.

    Attributes:
        kind: transaction type.
        source: transaction it is made from.
        change: what it takes (or, with a positive amount, gives back).
    """

    number: int
    kind: str
    source: int
    version: Version
    change: Change
    element: int
    rate: int

    @property
    def tranid(self) -> str:
        """Number of the transaction."""
        return f"{'CM' if self.is_posting else 'RMA'}{self.number}"

    @property
    def is_posting(self) -> bool:
        """Whether the ledger has it."""
        return self.kind == "CustCred"


def add_changes(books: Books, story: Story, plan: dict[int, list[PlannedRow]]) -> None:
    """The records of all changes, order by order."""
    for contract in story.contracts:
        for version in (each for line in contract.lines for each in line.versions):
            if version.order.in_erp:
                for at, change in enumerate(version.erp_changes):
                    rows = [row for row in plan.get(version.number, []) if row.change == at]
                    _add_change(books, story, version, change, rows)


def _add_change(
    books: Books, story: Story, version: Version, change: Change, rows: list[PlannedRow]
) -> None:
    kind, record = ("CustCred", "creditmemo") if change.is_credit else (
        "RtnAuth", "returnauthorization")  # fmt: skip
    rate, element = erp_rate(story, version), books.next_id("revenueelement")
    document = _Document(
        books.next_id("transaction"), kind, books.sales_orders[version.order.number], version,
        change, element, rate,
    )  # fmt: skip
    _add_document(books, document)
    name = "Credit Memo" if change.is_credit else "Return Authorization"
    add_element(books, Element(
        element, version, books.arrangements[version.order.number],
        f"{name} #{document.tranid}", record, document.number, change.day, -1, change.amount,
        change.amount, version.erp.starts, element_end(version), rate, rows,
    ))  # fmt: skip
    rebate = version.erp_rebate
    if rebate and not change.is_credit and change.day == rebate.settled_on:
        given = sum(each.amount for each in version.erp_changes if not each.is_credit)
        _add_document(books, _Document(
            books.next_id("transaction"), "CustCred", document.number, version,
            Change(change.day, given), element, rate,
        ))  # fmt: skip


def _add_document(books: Books, document: _Document) -> None:
    version, change = document.version, document.change
    contract = version.line.contract
    currency, made = contract.billed_in, stamp(change.day, document.number, 9)
    amount = money(change.amount, currency)
    cents = usd_at_erp_rate(change.amount, currency, document.rate)
    base, exchange_rate = money(cents, "USD"), Decimal(document.rate) / ERP_SCALE
    books.tables.add("transaction", {
        "id": document.number, "type": document.kind, "tranid": document.tranid,
        "trandate": change.day,
        "postingperiod": books.periods[month_of(change.day)] if document.is_posting else None,
        "posting": document.is_posting, "status": "A" if document.is_posting else "B",
        "approvalstatus": "2", "entity": customer_id(version.line.contract.erp_customer),
        "currency": CURRENCY_IDS[currency], "exchangerate": exchange_rate,
        "foreigntotal": amount, "createddate": made, "startdate": change.day,
        "enddate": version.line.contract.ends, "voided": False, "isreversal": False,
        "memo": "Concession" if change.is_credit else "Volume rebate", "lastmodifieddate": made,
    })  # fmt: skip
    if document.is_posting:
        books.billed.append(Movement(contract, month_of(change.day), change.amount, cents))
        books.invoices.append(Invoice(document.number, contract, change.day, change.amount, cents))
    main: Row = {"foreignamount": amount, "netamount": base, "createdfrom": document.source}
    detail: Row = {
        "item": item_id(version.item), "itemtype": "Service", "quantity": Decimal(1),
        "rate": -amount, "foreignamount": -amount, "netamount": -base,
        "createdfrom": document.source, "revenueelement": document.element,
    }  # fmt: skip
    for line_id, values in enumerate((main, detail)):
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": document.number,
            "id": line_id, "linesequencenumber": line_id, "mainline": line_id == 0,
            "taxline": False, "isclosed": False, "subsidiary": 1,
            "entity": customer_id(version.line.contract.erp_customer),
            "linelastmodifieddate": made, **values,
        })  # fmt: skip
        if document.is_posting:
            account, debit = (DEFERRED, -cents) if line_id else (RECEIVABLE, cents)
            add_posting(books, document.number, line_id, account.id, debit, exchange_rate, made)
