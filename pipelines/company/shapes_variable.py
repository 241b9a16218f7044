"""Deals whose price varies after they were sold, beside those of `shapes`.

Use under a monthly minimum, rebates that are estimated and later settled, and concessions. Each is
a contract of its own; their seed is their own, so all other deals stay as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Final

from pipelines.company.catalog import API_CALLS, SEAT_STANDARD
from pipelines.company.market import AS_OF, MONTHS_PER_YEAR, month_of, month_start
from pipelines.company.schedule import Meter
from pipelines.company.selling import LATEST, add_contract, add_line, discounted, open_contract
from pipelines.company.shapes_by_use import readings
from pipelines.company.story import Customer, Plant, Story, Terms, Version
from pipelines.company.variable import BASIS_POINTS, Change, Rebate

# Customers whose number leaves this rest have a deal by use already.
RESTS: Final = 15
USERS: Final = 1
EVERY: Final = 12
LONGEST_WAIT: Final = 25
SHARE_OF_TYPICAL: Final = (85, 150)


def add_variable(story: Story, seed: int) -> None:
    """Some contracts of each kind, and breaks of the first ones."""
    rng = Random(f"{seed} variable")  # noqa: S311 - no secret
    able = [
        each for each in story.customers if each.since <= LATEST and each.number % RESTS != USERS
    ]
    for at, (sell, breaks) in enumerate(_KINDS):
        sold = [sell(story, customer, rng) for customer in able[at::EVERY]]
        for version, broken in zip(sold, breaks, strict=False):
            story.plants.append(Plant("price_mismatch", version.line, broken(version)))


def _sell_minimum(story: Story, customer: Customer, rng: Random) -> Version:
    """A year of use: what a month's charges leave to the minimum is charged at its end."""
    span = (LATEST - customer.since).days
    booked_on = customer.since + timedelta(days=rng.randint(0, span))
    contract = add_contract(story, customer, month_start(month_of(booked_on) + 1), MONTHS_PER_YEAR)
    order = story.add_order(contract, "New", contract.starts, booked_on, rng.choice((0, 1, 2)))
    price, typical = discounted(API_CALLS, customer, rng.randint(0, 20)), rng.randint(60, 400)
    uses = tuple(readings(contract, typical, rng))
    minimum = 2 * typical * price * rng.randint(*SHARE_OF_TYPICAL) // 100
    version = add_line(story, order, API_CALLS, Terms(1, 0, contract.starts, contract.ends))
    version.meter = Meter(0, price, uses, minimum=minimum)
    return version


def _sell_seats(story: Story, customer: Customer, rng: Random) -> Version:
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    price = discounted(SEAT_STANDARD, customer, rng.randint(0, 15))
    terms = Terms(rng.randint(20, 160), price, contract.starts, contract.ends)
    return add_line(story, order, SEAT_STANDARD, terms)


def _sell_rebate(story: Story, customer: Customer, rng: Random) -> Version:
    """A rebate is expected; what it is in the end shows during the term or after it."""
    version = _sell_seats(story, customer, rng)
    contract = version.line.contract
    expected = rng.randint(8, 40) * 25
    wait = rng.choice((rng.randint(150, 340), 365 + rng.randint(5, 45)))
    settled_on = contract.starts + timedelta(days=wait)
    rebate = Rebate(expected)
    if settled_on <= AS_OF:
        final = expected + rng.choice((-75, -50, 25, 100, 150))
        rebate = Rebate(expected, final, settled_on)
    version.rebate = version.erp_rebate = rebate
    return version


def _concede(story: Story, customer: Customer, rng: Random) -> Version:
    """Part of the price is credited during the term or shortly after it."""
    version = _sell_seats(story, customer, rng)
    contract = version.line.contract
    day = contract.starts + timedelta(days=rng.randint(40, 365 + LONGEST_WAIT))
    amount = version.erp.amount * rng.randint(2, 15) // 100
    version.credits = (Change(min(day, AS_OF), -max(1, amount), is_credit=True),)
    return version


def _lower_minimum(version: Version) -> str:
    minimum = version.meter.minimum if version.meter else 0
    version.erp_minimum = minimum * 9 // 10
    return f"ERP has a minimum of {version.erp_minimum} minor units a month, not {minimum}"


def _expect_less(version: Version) -> str:
    rebate = version.rebate or Rebate(0)
    version.erp_rebate = replace(rebate, expected=rebate.expected - 100)
    percent = (rebate.expected - 100) * 100 // BASIS_POINTS
    return f"ERP estimates a rebate of about {percent} percent, one less than the contract"


def _expect_nothing(version: Version) -> str:
    version.erp_rebate = None
    return "ERP has no estimate of the rebate"


Sell = Callable[[Story, Customer, Random], Version]
_KINDS: Final[Sequence[tuple[Sell, Sequence[Callable[[Version], str]]]]] = (
    (_sell_minimum, (_lower_minimum,)),
    (_sell_rebate, (_expect_less, _expect_nothing)),
    (_concede, ()),
)
