"""Deals sold by use: metered, committed with overage, and prepaid credits that expire.

Use is metered twice a month by the ERP; the CRM knows the terms only.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from pipelines.company.catalog import API_CALLS, API_COMMITMENT, PREPAID_CREDITS, list_price
from pipelines.company.market import AS_OF, MONTHS_PER_YEAR, month_end, month_of, month_start
from pipelines.company.schedule import Meter
from pipelines.company.selling import add_line, discounted, open_contract
from pipelines.company.story import Contract, Customer, Story, Terms

MIDDLE: Final = 14
READINGS_PER_YEAR: Final = 24
# What is left of prepaid credits on their last day, in percent, at most.
MOST_LEFT_PERCENT: Final = 35


def sell_use(story: Story, customer: Customer, rng: Random) -> None:
    """Every unit is charged in arrears; nothing is booked."""
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    price = discounted(API_CALLS, customer, rng.randint(0, 20))
    typical = rng.randint(60, 900)
    uses = tuple(readings(contract, typical, rng))
    terms = Terms(1, 0, contract.starts, contract.ends)
    add_line(story, order, API_CALLS, terms).meter = Meter(0, price, uses)


def sell_commitment(story: Story, customer: Customer, rng: Random) -> None:
    """Units paid for up front, drawn down as used; what goes beyond is charged at list price."""
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    units = rng.randint(20, 90) * 100
    uses = tuple(readings(contract, units * rng.randint(105, 140) // 2400, rng))
    short = units - sum(used for _, used in uses)
    if contract.ends <= AS_OF and short > 0:
        # What was committed to is used up by the last reading.
        uses = (*uses[:-1], (uses[-1][0], uses[-1][1] + short))
    price = discounted(API_COMMITMENT, customer, rng.randint(10, 30))
    meter = Meter(units, list_price(API_COMMITMENT, customer.currency), uses)
    terms = Terms(units, price, contract.starts, contract.ends)
    add_line(story, order, API_COMMITMENT, terms).meter = meter


def sell_credits(story: Story, customer: Customer, rng: Random) -> None:
    """Credits paid for up front and redeemed within a year; what is left then lapses."""
    contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
    units = rng.randint(5, 60) * 100
    share = 100 - rng.randint(3, MOST_LEFT_PERCENT)
    uses = []
    left = units * share // 100
    for day, used in readings(contract, units * share // 100 // READINGS_PER_YEAR, rng):
        if left:
            uses.append((day, min(left, used)))
            left -= uses[-1][1]
    price = discounted(PREPAID_CREDITS, customer, rng.randint(0, 15))
    terms = Terms(units, price, contract.starts, contract.ends)
    meter = Meter(units, 0, tuple(uses), lapses=True)
    add_line(story, order, PREPAID_CREDITS, terms).meter = meter


def readings(contract: Contract, typical: int, rng: Random) -> Iterator[tuple[date, int]]:
    """Readings in the middle and on the last day of each month, and on the last day of service."""
    for month in range(month_of(contract.starts), month_of(contract.ends) + 1):
        middle = month_start(month) + timedelta(days=MIDDLE)
        for day in sorted({middle, min(month_end(month), contract.ends)}):
            if contract.starts <= day <= min(contract.ends, AS_OF):
                yield day, max(1, typical * rng.randint(40, 170) // 100)
