"""Journals that somebody made on the revenue account of an order line, past its revenue plan.

The line says which order line it is for: by its revenue element, by the CRM's key of the order
line, or by the arrangement it was created from.
"""

from decimal import Decimal

from pipelines.company.crm_lines import order_item_id
from pipelines.company.erp_ids import (
    CURRENCY_IDS,
    DEFERRED,
    Account,
    Books,
    customer_id,
    revenue_account,
)
from pipelines.company.erp_ledger import add_posting
from pipelines.company.ids import SHORT_LENGTH
from pipelines.company.market import ERP_SCALE, EXPONENT, money, month_end, rounded
from pipelines.company.plans import erp_rate
from pipelines.company.recognition import ByHand
from pipelines.company.rows import Row, stamp
from pipelines.company.story import Story, Version


def contract_minor(story: Story, version: Version, journal: ByHand) -> int:
    """What a journal recognizes in the deal's currency, at the order's rate if it is in dollars."""
    if journal.minor is not None:
        return journal.minor
    currency = version.line.contract.billed_in
    scale = ERP_SCALE * 10 ** EXPONENT[currency]
    return rounded(journal.cents * scale, erp_rate(story, version) * 100)


def add_line_journals(books: Books, story: Story) -> None:
    """One journal for each."""
    elements = {str(row["uniquekey"]): row["revenueelement"]
                for row in books.tables.rows["transactionline"]}  # fmt: skip
    versions = [v for contract in story.contracts for line in contract.lines for v in line.versions]
    for version in versions:
        for journal in version.by_hand:
            element = elements[str(books.line_keys[version.number])]
            _add_journal(books, version, journal, _names(books, version, journal, element))


def _names(books: Books, version: Version, journal: ByHand, element: object) -> Row:
    """The column of the line that names the order line."""
    if journal.names == "element":
        return {"revenueelement": int(str(element))}
    if journal.names == "key":
        return {"custcol_sf_order_item_id": order_item_id(version)[:SHORT_LENGTH]}
    return {"createdfrom": books.arrangements[version.order.number]}


def _add_journal(books: Books, version: Version, journal: ByHand, names: Row) -> None:
    symbol = "USD" if journal.minor is None else version.line.contract.billed_in
    minor = journal.cents if journal.minor is None else journal.minor
    number, day = books.next_id("transaction"), month_end(journal.month)
    made, rate = stamp(day, number, 6), Decimal(1)
    if minor:
        rate = round(Decimal(journal.cents).scaleb(EXPONENT[symbol] - 2) / minor, 8)
    books.tables.add("transaction", {
        "id": number, "type": "Journal", "tranid": f"JE{number}", "trandate": day,
        "postingperiod": books.periods[journal.month], "posting": True, "status": "A",
        "approvalstatus": "2", "currency": CURRENCY_IDS[symbol], "exchangerate": rate,
        "foreigntotal": money(abs(minor), symbol), "createddate": made,
        "memo": "Revenue by hand" if minor > 0 else "Revenue by hand, reversed", "voided": False,
        "isreversal": minor < 0, "lastmodifieddate": made,
    })  # fmt: skip
    accounts: tuple[tuple[Account, int, Row], ...] = (
        (DEFERRED, 1, {}),
        (revenue_account(version.item), -1, names),
    )
    for line_id, (account, sign, row) in enumerate(accounts):
        books.tables.add("transactionline", {
            "uniquekey": books.next_id("uniquekey"), "transaction": number, "id": line_id,
            "linesequencenumber": line_id, "mainline": False, "taxline": False,
            "foreignamount": money(sign * minor, symbol),
            "netamount": money(sign * journal.cents, "USD"), "isclosed": False, "subsidiary": 1,
            "entity": customer_id(version.line.contract.erp_customer), "memo": "Revenue by hand",
            "linelastmodifieddate": made, **row,
        })  # fmt: skip
        add_posting(books, number, line_id, account.id, sign * journal.cents, rate, made)
