"""Salesforce rows that deals point to: users, accounts, products, prices, currencies."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

from pipelines.company.catalog import PRODUCTS, REPS
from pipelines.company.market import (
    AS_OF,
    CRM_RATE_DIGITS,
    CURRENCIES,
    FIRST_YEAR,
    LATEST_STAMP,
    MONTHS_IN_QUARTER,
    PERIODS,
    REPORTING_PERIOD,
    USD,
    Market,
    round_div,
)
from pipelines.company.numbering import sequence
from pipelines.company.rows import Row, Stamps, Tables, stamps, system_fields
from pipelines.company.story import Customer, World

ORG_MADE = datetime(FIRST_YEAR - 1, 9, 14, 17, 5, 9, tzinfo=UTC)
# Standalone selling prices lie below list, percent.
SSP_PERCENT = 90
PRODUCT2, BOOK, ENTRY, USER = "01t", "01s", "01u", "005"
CURRENCY_TYPE, DATED_RATE = "01J", "04w"


class Setup:
    """Ids that the rows of deals refer to.

    Attributes:
        users: ids of the sales reps.
        products: product -> id.
        standard_book: the price book that orders use.
        ssp_book: the price book of standalone selling prices.
        entries: product and currency code -> entry of the standard price book.
        ssp_entries: the same of the other one.
    """

    def __init__(self, rng: Random) -> None:
        users, products, books = (sequence(rng, each) for each in (USER, PRODUCT2, BOOK))
        self.users = [users.take() for _ in REPS]
        self.products = {product: products.take() for product in PRODUCTS}
        self.standard_book, self.ssp_book = books.take(), books.take()
        entry = sequence(rng, ENTRY)
        pairs = [(product, currency.code) for product in PRODUCTS for currency in CURRENCIES]
        self.entries = {pair: entry.take() for pair in pairs}
        self.ssp_entries = {pair: entry.take() for pair in pairs}


def setup_rows(world: World, setup: Setup) -> Tables:
    """Users, products, price books with their entries, currencies with their rates."""
    made = Stamps(ORG_MADE, ORG_MADE, ORG_MADE)
    return {
        "User": [
            _user(record_id, name, made)
            for record_id, name in zip(setup.users, REPS, strict=True)
        ],
        "Product2": _products(setup, made),
        "Pricebook2": [
            {**system_fields(book, made), "Name": name, "IsActive": True, "IsStandard": standard}
            for book, name, standard in (
                (setup.standard_book, "Standard Price Book", True),
                (setup.ssp_book, "SSP Price Book", False),
            )
        ],
        "PricebookEntry": _entries(setup, made),
        **_currencies(world),
    }


def account_rows(world: World, setup: Setup) -> list[Row]:
    """One account per customer, in the order of their ids."""
    ordered = sorted(world.customers, key=lambda each: each.account_id)
    return [_account(world.rng, customer, setup) for customer in ordered]


def _account(rng: Random, customer: Customer, setup: Setup) -> Row:
    made = datetime(*customer.since.timetuple()[:3], 16, tzinfo=UTC)
    made += timedelta(seconds=rng.randrange(4 * 3600))
    return {
        **system_fields(customer.account_id, stamps(rng, made, made + timedelta(days=3))),
        "Name": customer.name,
        "Type": "Customer",
        "ParentId": customer.parent.account_id if customer.parent else None,
        "Industry": customer.industry,
        "AccountNumber": f"A-{10_000 + customer.number}",
        "BillingCountry": customer.country,
        "OwnerId": setup.users[customer.owner],
        "MasterRecordId": None,
        "CurrencyIsoCode": customer.currency.code,
    }


def _user(record_id: str, name: str, made: Stamps) -> Row:
    handle = f"{name.lower().replace(' ', '.')}@company.example"
    return {
        **system_fields(record_id, made),
        "Username": handle,
        "Name": name,
        "Email": handle,
        "IsActive": True,
    }


def _products(setup: Setup, made: Stamps) -> list[Row]:
    return [
        {
            **system_fields(record_id, made),
            "Name": product.name,
            "ProductCode": product.code,
            "Family": product.family,
            "IsActive": True,
            "SBQQ__SubscriptionPricing__c": "Fixed Price" if product.recurring else None,
            "SBQQ__SubscriptionTerm__c": Decimal(12) if product.recurring else None,
            "SBQQ__SubscriptionType__c": "Renewable" if product.recurring else "One-time",
            "SBQQ__ChargeType__c": "Recurring" if product.recurring else "One-Time",
            "SBQQ__BillingFrequency__c": "Annual" if product.recurring else None,
        }
        for product, record_id in setup.products.items()
    ]


def _entries(setup: Setup, made: Stamps) -> list[Row]:
    currencies = {currency.code: currency for currency in CURRENCIES}
    books = (
        (setup.standard_book, setup.entries, 100),
        (setup.ssp_book, setup.ssp_entries, SSP_PERCENT),
    )
    return [
        {
            **system_fields(record_id, made),
            "Pricebook2Id": book,
            "Product2Id": setup.products[product],
            "UnitPrice": currencies[code].major(
                round_div(product.list_price(currencies[code]) * percent, 100)
            ),
            "IsActive": True,
            "CurrencyIsoCode": code,
        }
        for book, entries, percent in books
        for (product, code), record_id in entries.items()
    ]


def _currencies(world: World) -> Tables:
    types, rates = (sequence(world.rng, prefix) for prefix in (CURRENCY_TYPE, DATED_RATE))
    made = Stamps(ORG_MADE, ORG_MADE, ORG_MADE)
    return {
        "CurrencyType": [
            {
                **system_fields(types.take(), made),
                "IsoCode": currency.code,
                "ConversionRate": _rate(world.market.crm_rate(currency, AS_OF)),
                "DecimalPlaces": currency.digits,
                "IsActive": True,
                "IsCorporate": currency is USD,
            }
            for currency in CURRENCIES
        ],
        "DatedConversionRate": [
            {**system_fields(rates.take(), _rate_stamps(start)), **fields}
            for start, fields in _dated_rates(world.market)
        ],
    }


def _dated_rates(market: Market) -> list[tuple[date, Row]]:
    """One rate per currency and quarter; the last one is open-ended."""
    starts = [
        period.start for period in PERIODS[: REPORTING_PERIOD + 1 : MONTHS_IN_QUARTER]
    ]
    ends = [*starts[1:], None]
    return [
        (
            start,
            {
                "IsoCode": currency.code,
                "StartDate": start,
                "NextStartDate": end,
                "ConversionRate": _rate(market.crm_rate(currency, start)),
            },
        )
        for start, end in zip(starts, ends, strict=True)
        for currency in CURRENCIES
    ]


def _rate(units: int) -> Decimal:
    return Decimal(units).scaleb(-CRM_RATE_DIGITS)


def _rate_stamps(start: date) -> Stamps:
    moment = min(datetime(start.year, start.month, 2, 9, tzinfo=UTC), LATEST_STAMP)
    return Stamps(moment, moment, moment)
