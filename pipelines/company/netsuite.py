"""The story as NetSuite keeps it: set-up and masters here, transactions in the `erp_*` modules."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from pipelines.company.catalog import OUT_OF_SCOPE, PRODUCTS, selling_price
from pipelines.company.erp_billing import add_billing
from pipelines.company.erp_by_hand import add_manual_journals, add_standalone_invoices
from pipelines.company.erp_changes import add_changes
from pipelines.company.erp_ids import (
    ACCOUNTS,
    CURRENCY_IDS,
    Books,
    customer_id,
    deferral_account,
    item_id,
    revenue_account,
)
from pipelines.company.erp_ledger import add_journals
from pipelines.company.erp_line_journals import add_line_journals
from pipelines.company.erp_orders import add_orders
from pipelines.company.erp_periods import add_periods
from pipelines.company.erp_reclass import add_reclassifications
from pipelines.company.erp_settlements import add_settlements
from pipelines.company.erp_usage import add_usage
from pipelines.company.ids import SHORT_LENGTH, salesforce_id
from pipelines.company.market import (
    CURRENCY_NAMES,
    ERP_SCALE,
    FIRST_MONTH,
    HISTORY_STARTS,
    LAST_MONTH,
    money,
    month_start,
)
from pipelines.company.plans import PlannedRow
from pipelines.company.rows import Row, Tables, stamp
from pipelines.company.story import Story
from pipelines.netsuite.tables import TABLES

CREATED: Final = stamp(HISTORY_STARTS, 1)
# Record type id of a transaction in the list of deleted records.
TRANSACTION_TYPE: Final = -30
DELETED_DRAFTS: Final = 4
FIRST_DELETED: Final = 9_001


def netsuite_rows(
    story: Story, plan: dict[int, list[PlannedRow]]
) -> tuple[dict[str, list[Row]], Books]:
    """All rows of the account.

    Returns:
        Table name -> rows by column name, and the account, for its ids and what was billed.
    """
    books = Books(Tables({spec.name: spec.columns for spec in TABLES}))
    _add_company(books.tables)
    add_periods(books)
    _add_rates(books, story)
    _add_masters(books.tables, story)
    _add_fair_values(books.tables)
    add_orders(books, story, plan)
    add_usage(books, story, plan)
    add_changes(books, story, plan)
    add_journals(books, plan)
    add_line_journals(books, story)
    add_billing(books, story)
    add_settlements(books, story)
    add_reclassifications(books, story, plan)
    add_manual_journals(books)
    add_standalone_invoices(books, story)
    _add_deleted(books.tables)
    return books.tables.rows, books


def _add_company(tables: Tables) -> None:
    tables.add("subsidiary", {
        "id": 1, "name": "Tieout Demo Inc.", "fullname": "Tieout Demo Inc.", "currency": 1,
        "country": "US", "iselimination": False, "isinactive": False, "lastmodifieddate": CREATED,
    })  # fmt: skip
    tables.add("accountingbook", {"id": 1, "name": "Primary Accounting Book", "isprimary": True})
    for symbol, number in CURRENCY_IDS.items():
        tables.add("currency", {
            "id": number, "name": CURRENCY_NAMES[symbol], "symbol": symbol,
            "isbasecurrency": symbol == "USD", "isinactive": False, "lastmodifieddate": CREATED,
        })  # fmt: skip
    for account in ACCOUNTS:
        tables.add("account", {
            "id": account.id, "acctnumber": account.number, "accttype": account.type,
            "fullname": account.name, "generalrate": account.rate, "isinactive": False,
            "lastmodifieddate": CREATED,
        })  # fmt: skip


def _add_rates(books: Books, story: Story) -> None:
    for number, ((symbol, month), rate) in enumerate(story.market.erp.items(), start=1):
        books.tables.add("currencyrate", {
            "id": number, "basecurrency": 1, "transactioncurrency": CURRENCY_IDS[symbol],
            "effectivedate": month_start(month), "exchangerate": Decimal(rate) / ERP_SCALE,
        })  # fmt: skip
    one = Decimal(1)
    for number, month in enumerate(range(FIRST_MONTH, LAST_MONTH + 1), start=1):
        books.tables.add("consolidatedexchangerate", {
            "id": number, "postingperiod": books.periods[month], "fromsubsidiary": 1,
            "tosubsidiary": 1, "fromcurrency": 1, "tocurrency": 1, "currentrate": one,
            "averagerate": one, "historicalrate": one, "accountingbook": 1,
        })  # fmt: skip


def _add_masters(tables: Tables, story: Story) -> None:
    """Customers and items; the integration wrote some keys with 15 characters."""
    for customer in story.customers:
        key = salesforce_id("001", customer.number)
        made = stamp(customer.since, customer.number, 1)
        tables.add("customer", {
            "id": customer_id(customer), "entityid": f"CUS{customer.number:05d}",
            "companyname": customer.name,
            "externalid": key[:SHORT_LENGTH] if customer.number % 6 == 0 else key,
            "parent": customer_id(customer.parent) if customer.parent else None,
            "currency": CURRENCY_IDS[customer.currency], "isinactive": False,
            "datecreated": made, "lastmodifieddate": made,
        })  # fmt: skip
    for product in PRODUCTS:
        tables.add("item", {
            "id": item_id(product), "itemid": product.code, "displayname": product.name,
            "itemtype": "Service", "externalid": salesforce_id("01t", product.number),
            "incomeaccount": revenue_account(product).id,
            "deferredrevenueaccount": deferral_account(product).id,
            "revenuerecognitionrule": product.erp_rule,
            "createrevenueplanson": "Revenue Arrangement Creation", "isinactive": False,
            "lastmodifieddate": CREATED,
        })  # fmt: skip


def _add_fair_values(tables: Tables) -> None:
    """The fair value price list; support is valued by a formula on the licenses."""
    number = 0
    for product in PRODUCTS:
        if product.percent_of_licenses or product.pattern == OUT_OF_SCOPE:
            continue
        for symbol, currency in CURRENCY_IDS.items():
            number += 1
            tables.add("fairvalueprice", {
                "id": number, "item": item_id(product), "currency": currency,
                "fairvalue": money(selling_price(product, symbol), symbol),
                "startdate": HISTORY_STARTS, "enddate": None, "isinactive": False,
            })  # fmt: skip


def _add_deleted(tables: Tables) -> None:
    """Drafts of orders that were removed again; nothing else is left of them."""
    for number in range(DELETED_DRAFTS):
        day = date(2022, 3, 1) + timedelta(days=310 * number)
        tables.add("deletedrecord", {
            "recordtypeid": TRANSACTION_TYPE, "recordid": FIRST_DELETED + number,
            "type": "SalesOrd", "name": f"Sales Order #DRAFT{number + 1}",
            "deleteddate": stamp(day, number),
        })  # fmt: skip
