"""Deals whose records the two systems cut or link in their own ways, and breaks of the linking.

Each is a contract of its own, for the first customers who have been there long enough:

- an order product the ERP has on two lines, two order products it has on one, and two it has on
  two that are cut differently;
- orders without line keys: cut so, or priced a little off;
- an order the integration never handed over and someone keyed by hand, a little off;
- an order the integration handed over twice, and one that was cloned and activated in the CRM.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from random import Random
from typing import Final

from pipelines.company.catalog import SEAT_ENTERPRISE, SEAT_STANDARD
from pipelines.company.market import MONTHS_PER_YEAR
from pipelines.company.selling import LATEST, add_line, discounted, open_contract
from pipelines.company.story import Contract, Line, Order, Plant, Story, Terms, Version

Deal = Callable[[Story, Order, Random, int], None]
COUNT: Final = 3
# Percent of the quantity on the first of two ERP lines.
FIRST_PART: Final = 60
KEYED_LATER: Final = timedelta(days=9)
KEYED_DISCOUNT: Final = 95


def plant_links(story: Story, seed: int) -> None:
    """Sell and link three deals of every kind."""
    rng = Random(f"{seed} links")  # noqa: S311 - no secret
    customers = iter([each for each in story.customers if each.since <= LATEST])
    for deal in _DEALS:
        for number in range(COUNT):
            customer = next(customers, None)
            if customer is None:
                return
            _, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
            deal(story, order, rng, number)


def _seats(story: Story, order: Order, rng: Random, discount: int = 5) -> Version:
    """A line of seats for the whole contract."""
    contract = order.contract
    price = discounted(SEAT_ENTERPRISE, contract.customer, discount)
    terms = Terms(rng.randint(7, 60), price, contract.starts, contract.ends)
    return add_line(story, order, SEAT_ENTERPRISE, terms)


def _split(story: Story, order: Order, rng: Random, number: int) -> None:
    """The ERP bills two departments; once without line keys."""
    version = _seats(story, order, rng)
    first = version.erp.quantity * FIRST_PART // 100
    quantities = (first, version.erp.quantity - first)
    version.parts = tuple(replace(version.erp, quantity=each) for each in quantities)
    order.line_keys = number > 0


def _merge(story: Story, order: Order, rng: Random, number: int) -> None:
    """The ERP has the seats of two departments on one line; once without line keys."""
    first, second = _seats(story, order, rng), _seats(story, order, rng)
    second.held_by = first
    order.line_keys = number > 0


def _regroup(story: Story, order: Order, rng: Random, _: int) -> None:
    """The seats of two departments on two ERP lines of another cut, which no line key can say."""
    first, second = _seats(story, order, rng), _seats(story, order, rng)
    second.held_by = first
    stated = (first.erp.quantity, second.erp.quantity)
    quantity = sum(stated)
    part = next(each for each in count(quantity * FIRST_PART // 100) if each not in stated)
    first.parts = tuple(replace(first.erp, quantity=each) for each in (part, quantity - part))
    order.line_keys = False


def _near(story: Story, order: Order, rng: Random, _: int) -> None:
    """No line keys, and the ERP's price is one percent off."""
    version = _seats(story, order, rng)
    price = version.erp.unit_price
    version.erp = replace(version.erp, unit_price=price + price // 100)
    order.line_keys = False
    _plant(story, "price_mismatch", version.line, "ERP price is one percent off, no line key")


def _keyed_by_hand(story: Story, order: Order, rng: Random, _: int) -> None:
    """Not handed over; keyed by hand later, at a discount, without any key."""
    version = _seats(story, order, rng)
    order.in_erp = False
    _plant(story, "missing_in_erp", version.line, "not handed over, keyed by hand instead")
    terms = version.erp
    contract = Contract(
        len(story.contracts) + 1, order.contract.customer, terms.starts + KEYED_LATER,
        order.contract.ends + KEYED_LATER, MONTHS_PER_YEAR, 0, in_crm=False,
    )  # fmt: skip
    story.contracts.append(contract)
    booked_on = order.booked_on + timedelta(days=1)
    keyed = story.add_order(contract, "New", contract.starts, booked_on, 0)
    keyed.line_keys = False
    price = terms.unit_price * KEYED_DISCOUNT // 100
    by_hand = Terms(terms.quantity, price, contract.starts, contract.ends)
    twin = add_line(story, keyed, SEAT_ENTERPRISE, by_hand)
    _plant(story, "missing_in_crm", twin.line, "keyed by hand for an order not handed over")
    story.suggestions.append((version, twin))


def _twice_in_erp(story: Story, order: Order, rng: Random, number: int) -> None:
    """The integration ran twice, a day apart: all lines and their keys, once without line keys."""
    versions = [_seats(story, order, rng)]
    if number:
        price = discounted(SEAT_STANDARD, order.contract.customer, 3)
        terms = replace(versions[0].erp, unit_price=price)
        versions.append(add_line(story, order, SEAT_STANDARD, terms))
    order.line_keys = number > 0
    again = _repeat(story, order)
    again.erp_date = order.erp_date + timedelta(days=1)
    again.line_keys = order.line_keys
    for version in again.versions:
        version.crm = None
    for version in versions:
        _plant(story, "duplicate_in_erp", version.line, "the ERP has the order twice")


def _twice_in_crm(story: Story, order: Order, rng: Random, _: int) -> None:
    """The order was cloned and both were activated; one was handed over."""
    _seats(story, order, rng)
    again = _repeat(story, order)
    again.in_erp = False
    for version in again.versions:
        _plant(story, "duplicate_in_crm", version.line, "cloned from an order of the same quote")


def _repeat(story: Story, order: Order) -> Order:
    """The same order once more."""
    again = story.add_order(order.contract, order.kind, order.effective_on, order.booked_on, 0)
    again.repeats = order
    for version in order.versions:
        line = version.line
        repeated = add_line(story, again, line.product, replace(version.erp), line.segment)
        repeated.repeats = version
    return again


def _plant(story: Story, code: str, line: Line, note: str) -> None:
    story.plants.append(Plant(code, line, note))


_DEALS: Final[tuple[Deal, ...]] = (
    _split, _merge, _near, _keyed_by_hand, _twice_in_erp, _twice_in_crm, _regroup,
)  # fmt: skip
