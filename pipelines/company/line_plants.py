"""Deals whose lines the two systems keep differently: scope, currency, product, term, early close.

Each is sold for the purpose, on a contract of its own, so a company of any size has all of them.
Their seed is their own: all other deals stay as they are.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from random import Random
from typing import Final

from pipelines.company.catalog import (
    EXPENSES,
    PLATFORM,
    RESALE,
    SALES_TAX,
    SEAT_ENTERPRISE,
    SEAT_STANDARD,
    Product,
    list_price,
)
from pipelines.company.market import EXPONENT, MONTHS_PER_YEAR, add_months, rounded
from pipelines.company.selling import LATEST, add_line, discounted, open_contract
from pipelines.company.story import (
    Closed,
    Contract,
    Customer,
    Order,
    Plant,
    Story,
    Terms,
    Version,
)

Customers = Iterator[Customer]
Sell = Callable[[Story, Customers, Random], None]
# Currency of the customer in the CRM, that of its order in the ERP.
CURRENCIES: Final = (("EUR", "USD"), ("JPY", "USD"), ("USD", "JPY"), ("USD", "EUR"))
FEWEST: Final = 3
# A year as parts: a month is 365 of them, a day 12.
PARTS_OF_A_YEAR: Final = 4380


def plant_lines(story: Story, seed: int) -> None:
    """Sell the deals, at least three for every reason."""
    rng = Random(f"{seed} lines")  # noqa: S311 - no secret
    customers = [customer for customer in story.customers if customer.since <= LATEST]
    rng.shuffle(customers)
    for sell in _DEALS:
        sell(story, cycle(customers), rng)
        customers = customers[FEWEST:] + customers[:FEWEST]


def _seats(
    story: Story, customer: Customer, rng: Random, months: int = MONTHS_PER_YEAR
) -> tuple[Contract, Order, Version]:
    """A contract with one line of seats, an even number of them at a price of whole units."""
    contract, order = open_contract(story, customer, months, rng)
    scale = 10 ** EXPONENT[customer.currency]
    price = discounted(SEAT_STANDARD, customer, rng.randint(0, 20), months) // scale * scale
    terms = Terms(2 * rng.randint(4, 40), price, contract.starts, contract.ends)
    return contract, order, add_line(story, order, SEAT_STANDARD, terms)


def _sell_what_is_no_revenue(story: Story, customers: Customers, rng: Random) -> None:
    """Seats with expenses, tax or a partner's subscription on the same order."""
    for product in (EXPENSES, SALES_TAX, RESALE):
        customer = next(customers)
        contract, order, _ = _seats(story, customer, rng)
        terms = Terms(
            rng.randint(1, 4), list_price(product, customer.currency), contract.starts,
            contract.ends if product.recurring else None,
        )  # fmt: skip
        add_line(story, order, product, terms)
        # One of them is found by its order and item.
        order.line_keys = product is not SALES_TAX


def _bill_in_another_currency(story: Story, customers: Customers, rng: Random) -> None:
    """The ERP's order shows the same numbers in another currency."""
    everyone = [next(customers) for _ in story.customers]
    for sold_in, billed_in in CURRENCIES:
        customer = next((each for each in everyone if each.currency == sold_in), None)
        if customer is None:
            continue
        contract, _, version = _seats(story, customer, rng)
        contract.erp_currency = billed_in
        # Few of them: yen taken for dollars are a great deal of money.
        terms = replace(version.erp, quantity=2)
        exponent = EXPONENT[billed_in] - EXPONENT[sold_in]
        price = terms.unit_price * 10**exponent if exponent >= 0 else (
            terms.unit_price // 10**-exponent)  # fmt: skip
        version.crm, version.erp = replace(terms), replace(terms, unit_price=price)
        note = f"ordered in {sold_in}, the ERP's order has the same number of {billed_in}"
        story.plants.append(Plant("currency_mismatch", version.line, note))


def _close_after_a_year(story: Story, customers: Customers, rng: Random) -> None:
    """The ERP closed the line of a two years' order after the first year's invoice."""
    for _ in range(FEWEST):
        contract, _, version = _seats(story, next(customers), rng, 2 * MONTHS_PER_YEAR)
        last_day = add_months(contract.starts, MONTHS_PER_YEAR) - timedelta(days=1)
        terms = version.erp
        version.closed = Closed(last_day, terms.quantity // 2, rounded(terms.amount, 2))
        note = (
            f"ERP closed the order line with {version.closed.quantity} of {terms.quantity} billed"
        )
        story.plants.append(Plant("erp_short_close", version.line, note))


def _order_another_product(story: Story, customers: Customers, rng: Random) -> None:
    """The ERP's order line has the item of another product: dearer, fewer, or at the same price."""
    for percent, fewer in ((125, 0), (100, 0), (110, 2)):
        _, _, version = _seats(story, next(customers), rng)
        terms = version.erp
        price = rounded(terms.unit_price * percent, 100)
        version.erp_product = SEAT_ENTERPRISE
        version.erp = replace(terms, quantity=terms.quantity - fewer, unit_price=price)
        note = f"the ERP sells {SEAT_ENTERPRISE.code} for {version.line.product.code}"
        story.plants.append(Plant("product_mismatch", version.line, note))


def _prorate_by_days(story: Story, customers: Customers, rng: Random) -> None:
    """A broken term: the CRM counts whole months and days, the ERP days alone."""
    products: tuple[tuple[Product, int], ...] = (
        (SEAT_STANDARD, rng.randint(5, 60)), (PLATFORM, 1), (SEAT_STANDARD, rng.randint(5, 60)),
    )  # fmt: skip
    for product, quantity in products:
        customer, months, days = next(customers), rng.randint(4, 10), rng.randint(3, 20)
        contract, order = open_contract(story, customer, months, rng)
        contract.ends += timedelta(days=days)
        all_days = (contract.ends - contract.starts).days + 1
        annual = discounted(product, customer, rng.randint(0, 20))
        price = rounded(annual * (365 * months + 12 * days), PARTS_OF_A_YEAR)
        terms = Terms(quantity, price, contract.starts, contract.ends, annual_price=annual)
        version = add_line(story, order, product, terms)
        by_days = rounded(quantity * annual * 12 * all_days, PARTS_OF_A_YEAR)
        version.erp = replace(terms, unit_price=rounded(by_days, quantity), total=by_days)


_DEALS: Final[tuple[Sell, ...]] = (
    _sell_what_is_no_revenue, _bill_in_another_currency, _close_after_a_year,
    _order_another_product, _prorate_by_days,
)  # fmt: skip
