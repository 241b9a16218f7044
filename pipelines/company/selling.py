"""How a deal of a shape is opened: contract, first order, lines and their prices."""

from datetime import date, timedelta
from random import Random
from typing import Final

from pipelines.company.catalog import Product, list_price
from pipelines.company.market import MONTHS_PER_YEAR, add_months, rounded
from pipelines.company.story import Contract, Customer, Line, Order, Story, Terms, Version

# Customers who joined later have no room for the whole of a shape.
LATEST: Final = date(2025, 1, 15)
# Whole months from any day on: none of the last three of a month.
LAST_START_DAY: Final = 28


def open_contract(
    story: Story, customer: Customer, months: int, rng: Random
) -> tuple[Contract, Order]:
    """A new contract of a customer and its first order, without lines."""
    span = (LATEST - customer.since).days
    booked_on = customer.since + timedelta(days=rng.randint(0, span))
    starts = booked_on + timedelta(days=rng.randint(5, 20))
    starts = starts.replace(day=min(starts.day, LAST_START_DAY))
    contract = add_contract(story, customer, starts, months)
    return contract, story.add_order(contract, "New", starts, booked_on, rng.choice((0, 1, 2)))


def add_line(  # noqa: PLR0913, PLR0917 - what a line consists of
    story: Story,
    order: Order,
    product: Product,
    terms: Terms,
    segment: int | None = None,
    action: str = "Add",
) -> Version:
    """A new line of an order's contract."""
    line = Line(order.contract, product, segment)
    order.contract.lines.append(line)
    return story.add_version(line, order, action, terms)


def discounted(product: Product, customer: Customer, percent: int, months: int = 12) -> int:
    """List price less a discount, for a term."""
    price = list_price(product, customer.currency) * (100 - percent)
    return rounded(price * months, 100 * MONTHS_PER_YEAR)


def add_contract(
    story: Story, customer: Customer, starts: date, months: int, before: Contract | None = None
) -> Contract:
    """A new contract without an order."""
    ends = add_months(starts, months) - timedelta(days=1)
    number = len(story.contracts) + 1
    contract = Contract(number, customer, starts, ends, months, 0, predecessor=before)
    story.contracts.append(contract)
    customer.contracts.append(contract)
    return contract
