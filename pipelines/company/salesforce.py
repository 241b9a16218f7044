"""The story as Salesforce keeps it: accounts, price lists, rates, and the deals (`crm_deals`)."""

from decimal import Decimal
from typing import Final

from pipelines.company.catalog import PRODUCTS, list_price, selling_price
from pipelines.company.crm_deals import add_deals
from pipelines.company.crm_lines import subscription_pricing
from pipelines.company.crm_lost import add_lost_deals
from pipelines.company.ids import salesforce_id
from pipelines.company.market import (
    AS_OF,
    CRM_SCALE,
    EXPONENT,
    HISTORY_STARTS,
    MONTHS_PER_QUARTER,
    add_months,
    money,
    month_start,
)
from pipelines.company.names import PEOPLE
from pipelines.company.rows import Row, Tables, system_fields
from pipelines.company.story import Story
from pipelines.salesforce.objects import OBJECTS

PRICE_BOOKS: Final = ("Standard Price Book", "SSP Price Book")


def salesforce_rows(story: Story) -> dict[str, list[Row]]:
    """All rows of the org: object API name -> rows by API field name."""
    tables = Tables({spec.name: spec.all_fields for spec in OBJECTS})
    _add_users(tables)
    _add_accounts(tables, story)
    _add_price_lists(tables)
    _add_rates(tables, story)
    add_deals(tables, story)
    add_lost_deals(tables, story)
    return tables.rows


def _add_users(tables: Tables) -> None:
    for number, name in enumerate(PEOPLE, start=1):
        mail = f"{name.lower().replace(' ', '.')}@tieout.example"
        tables.add("User", {
            **system_fields(salesforce_id("005", number), HISTORY_STARTS, number),
            "Username": mail, "Name": name, "Email": mail, "IsActive": number < len(PEOPLE),
        })  # fmt: skip


def _add_accounts(tables: Tables, story: Story) -> None:
    for customer in story.customers:
        parent = customer.parent
        tables.add("Account", {
            **system_fields(salesforce_id("001", customer.number), customer.since, customer.number),
            "Name": customer.name, "Type": "Customer", "Industry": customer.industry,
            "ParentId": salesforce_id("001", parent.number) if parent else None,
            "AccountNumber": f"A-{customer.number:05d}", "BillingCountry": customer.country,
            "OwnerId": salesforce_id("005", customer.owner),
            "CurrencyIsoCode": customer.currency,
        })  # fmt: skip


def _add_price_lists(tables: Tables) -> None:
    """Products, both price books and an entry per product and currency in each of them."""
    for product in PRODUCTS:
        recurring = product.recurring
        tables.add("Product2", {
            **system_fields(salesforce_id("01t", product.number), HISTORY_STARTS, product.number),
            "Name": product.name, "ProductCode": product.code, "Family": product.family,
            "IsActive": True,
            "SBQQ__SubscriptionPricing__c": subscription_pricing(product),
            "SBQQ__SubscriptionPercent__c":
                Decimal(product.percent_of_licenses) if product.percent_of_licenses else None,
            "SBQQ__SubscriptionTerm__c": Decimal(12) if recurring else None,
            "SBQQ__SubscriptionType__c": "Renewable" if recurring else None,
            "SBQQ__ChargeType__c": product.charge,
            "SBQQ__BillingFrequency__c": "Annual" if recurring else None,
        })  # fmt: skip
    for book_number, name in enumerate(PRICE_BOOKS, start=1):
        tables.add("Pricebook2", {
            **system_fields(salesforce_id("01s", book_number), HISTORY_STARTS, book_number),
            "Name": name, "IsActive": True, "IsStandard": book_number == 1,
        })  # fmt: skip
        _add_entries(tables, book_number)


def _add_entries(tables: Tables, book_number: int) -> None:
    """The prices of one book: list prices in the first, standalone selling prices in the other."""
    number = (book_number - 1) * len(PRODUCTS) * len(EXPONENT)
    for product in PRODUCTS:
        for currency in EXPONENT:
            number += 1
            price = (list_price if book_number == 1 else selling_price)(product, currency)
            tables.add("PricebookEntry", {
                **system_fields(salesforce_id("01u", number), HISTORY_STARTS, number),
                "Pricebook2Id": salesforce_id("01s", book_number),
                "Product2Id": salesforce_id("01t", product.number),
                "UnitPrice": money(price, currency), "IsActive": True,
                "CurrencyIsoCode": currency,
            })  # fmt: skip


def _add_rates(tables: Tables, story: Story) -> None:
    """Dated rates per quarter, and the static rate, which is that of the last quarter."""
    for number, currency in enumerate(EXPONENT, start=1):
        latest = story.market.crm_rate(currency, AS_OF)
        tables.add("CurrencyType", {
            **system_fields(salesforce_id("01J", number), HISTORY_STARTS, number),
            "IsoCode": currency, "ConversionRate": Decimal(latest) / CRM_SCALE,
            "DecimalPlaces": EXPONENT[currency], "IsActive": True,
            "IsCorporate": currency == "USD",
        })  # fmt: skip
    last = max(month for _, month in story.market.crm)
    for number, ((currency, month), rate) in enumerate(story.market.crm.items(), start=1):
        starts = month_start(month)
        tables.add("DatedConversionRate", {
            **system_fields(salesforce_id("04w", number), starts, number),
            "IsoCode": currency, "StartDate": starts,
            "NextStartDate": None if month == last else add_months(starts, MONTHS_PER_QUARTER),
            "ConversionRate": Decimal(rate) / CRM_SCALE,
        })  # fmt: skip
