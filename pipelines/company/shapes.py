"""Deals of less common shapes, one for some customers, beside what `deals` tells of them.

Packages shared out by standalone selling price, ramps, free months, sales by use, prepaid credits,
early renewals and swaps. Their seed is their own: the other deals stay as they are.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Final

from pipelines.company.allocation import allocate
from pipelines.company.amendments import end_lines
from pipelines.company.catalog import (
    ANALYTICS,
    IMPLEMENTATION,
    LICENSE,
    PLATFORM,
    SEAT_ENTERPRISE,
    SEAT_STANDARD,
    SUPPORT,
)
from pipelines.company.market import AS_OF, MONTHS_PER_YEAR, add_months, rounded
from pipelines.company.selling import (
    LATEST,
    add_contract,
    add_line,
    discounted,
    open_contract,
)
from pipelines.company.shapes_by_use import sell_commitment, sell_credits, sell_use
from pipelines.company.story import Contract, Customer, Story, Terms

Sell = Callable[[Story, Customer, Random], None]
FREE_MONTHS: Final = 3
RAMP_YEARS: Final = 3
# The day an early renewal or a swap takes effect, in days from the start of a year's contract.
CHANGE_DAYS: Final = (130, 260)
NOTICE: Final = timedelta(days=9)


def add_shapes(story: Story, seed: int) -> None:
    """One contract of a shape for two customers of three."""
    rng = Random(f"{seed} shapes")  # noqa: S311 - no secret
    for customer in story.customers:
        sell = _SHAPES[customer.number % len(_SHAPES)]
        if sell is not None and customer.since <= LATEST:
            sell(story, customer, rng)


def _package(story: Story, customer: Customer, rng: Random) -> None:
    """A term license, its support and an implementation, each at a discount of its own."""
    months = rng.choice((12, 12, 24))
    contract, order = open_contract(story, customer, months, rng)
    units = rng.randint(1, 6)
    price = discounted(LICENSE, customer, rng.randint(10, 35), months)
    starts, ends = contract.starts, contract.ends
    add_line(story, order, LICENSE, Terms(units, price, starts, ends))
    support = rounded(units * price * rng.randint(14, 20), 100)
    add_line(story, order, SUPPORT, Terms(1, support, starts, ends))
    setup = discounted(IMPLEMENTATION, customer, rng.randint(20, 60))
    day = starts + timedelta(days=rng.randint(10, 90))
    add_line(story, order, IMPLEMENTATION, Terms(rng.randint(1, 2), setup, day, None))
    allocate(contract)


def _free_months(story: Story, customer: Customer, rng: Random) -> None:
    """The first months of a year for nothing: a segment without a price, then one with."""
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    paid = add_months(contract.starts, FREE_MONTHS)
    units, months = rng.randint(10, 60), MONTHS_PER_YEAR - FREE_MONTHS
    price = discounted(ANALYTICS, customer, rng.randint(0, 15), months)
    free = Terms(units, 0, contract.starts, paid - timedelta(days=1))
    add_line(story, order, ANALYTICS, free, 1)
    add_line(story, order, ANALYTICS, Terms(units, price, paid, contract.ends), 2)
    allocate(contract)


def _late_start(story: Story, customer: Customer, rng: Random) -> None:
    """Free months that are on no order: service dates begin months after the contract does."""
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    paid = add_months(contract.starts, FREE_MONTHS)
    price = discounted(ANALYTICS, customer, rng.randint(0, 15), MONTHS_PER_YEAR - FREE_MONTHS)
    terms = Terms(rng.randint(10, 60), price, paid, contract.ends)
    add_line(story, order, ANALYTICS, terms)
    allocate(contract)


def _ramp(units: Sequence[int], discounts: Sequence[int]) -> Sell:
    """Three years in steps of a year: units and discounts in percent of each."""

    def sell(story: Story, customer: Customer, rng: Random) -> None:
        contract, order = open_contract(story, customer, RAMP_YEARS * MONTHS_PER_YEAR, rng)
        first = rng.randint(1, 5)
        for index, (times, percent) in enumerate(zip(units, discounts, strict=True)):
            starts = add_months(contract.starts, index * MONTHS_PER_YEAR)
            ends = add_months(contract.starts, (index + 1) * MONTHS_PER_YEAR) - timedelta(days=1)
            terms = Terms(first * times, discounted(ANALYTICS, customer, percent), starts, ends)
            add_line(story, order, ANALYTICS, terms, index + 1)
        allocate(contract)

    return sell


def _year_of_seats(story: Story, customer: Customer, rng: Random) -> Contract:
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    percent, starts, ends = rng.randint(0, 15), contract.starts, contract.ends
    platform = Terms(1, discounted(PLATFORM, customer, percent), starts, ends)
    add_line(story, order, PLATFORM, platform)
    seats = Terms(rng.randint(8, 90), discounted(SEAT_STANDARD, customer, percent), starts, ends)
    add_line(story, order, SEAT_STANDARD, seats)
    return contract


def _renew_early(story: Story, customer: Customer, rng: Random) -> None:
    """The new contract begins before the old one ends, which is ended that day."""
    old = _year_of_seats(story, customer, rng)
    day = old.starts + timedelta(days=rng.randint(*CHANGE_DAYS))
    if day > AS_OF:
        return
    platform, seats = old.lines
    new = add_contract(story, customer, day, MONTHS_PER_YEAR, old)
    old.successor = new
    order = story.add_order(new, "Renewal", day, day - NOTICE, 1)
    for line, quantity in ((platform, 1), (seats, seats.quantity + rng.randint(2, 20))):
        price = line.versions[0].erp.unit_price
        add_line(story, order, line.product, Terms(quantity, price, day, new.ends), None, "Renew")
    end_lines(story, old, old.lines, day, day - NOTICE)
    old.cancelled_on = day


def _swap(story: Story, customer: Customer, rng: Random) -> None:
    """One amendment ends one product and adds another for the rest of the term."""
    contract = _year_of_seats(story, customer, rng)
    day = contract.starts + timedelta(days=rng.randint(*CHANGE_DAYS))
    if day > AS_OF:
        return
    seats = contract.lines[1]
    order = end_lines(story, contract, [seats], day, day - NOTICE)
    days = (contract.ends - contract.starts).days + 1
    price = discounted(SEAT_ENTERPRISE, customer, rng.randint(0, 15))
    price = rounded(price * ((contract.ends - day).days + 1), days)
    units = max(1, seats.versions[0].erp.quantity * 6 // 10)
    add_line(story, order, SEAT_ENTERPRISE, Terms(units, price, day, contract.ends))


# A customer's number decides; None: no such deal.
_SHAPES: Final[tuple[Sell | None, ...]] = (
    _package, sell_use, None, sell_credits, _free_months, None, _renew_early, _swap,
    sell_commitment, None, _package, _ramp((1, 1, 1), (40, 20, 5)), _late_start, None,
    _ramp((4, 6, 9), (12, 12, 12)),
)  # fmt: skip
