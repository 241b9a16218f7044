"""The company's customers: who they are, where, and since when they buy."""

from datetime import date
from itertools import product
from random import Random
from typing import Final

from pipelines.company.catalog import (
    COUNTRIES,
    INDUSTRIES,
    NAME_FIRST,
    NAME_SECOND,
    REPS,
    SEGMENTS,
)
from pipelines.company.market import FIRST_YEAR, MONTHS_IN_QUARTER, add_months, working_day
from pipelines.company.story import Customer

# More new customers each year.
YEAR_WEIGHTS: Final = (22, 24, 27, 27)
# Deals close late in the quarter, and late in its last month.
MONTH_WEIGHTS: Final = (2, 3, 5)
LATE_DAYS: Final = 8
LATE_PERCENT: Final = 50
# One customer in so many is part of a group.
GROUP_EVERY: Final = 15


def percent(rng: Random, chance: int) -> bool:
    """True in `chance` of 100 cases."""
    return rng.randrange(100) < chance


def make_customers(rng: Random, count: int) -> list[Customer]:
    """Customers without deals yet; a few belong to a group whose head is a customer too."""
    names = list(product(NAME_FIRST, NAME_SECOND))
    rng.shuffle(names)
    segments = rng.choices(list(SEGMENTS), [s.weight for s in SEGMENTS.values()], k=count)
    places = rng.choices(COUNTRIES, [weight for _, _, weight, _ in COUNTRIES], k=count)
    customers = []
    for number, (segment, place) in enumerate(zip(segments, places, strict=True)):
        country, currency, _, forms = place
        rounds, position = divmod(number, len(names))
        first, second = names[position]
        again = f" {rounds + 1}" if rounds else ""
        name = f"{first} {second}{again} {rng.choice(forms)}"
        owner = rng.randrange(len(REPS))
        customer = Customer(
            number, name, segment, country, rng.choice(INDUSTRIES), currency, owner
        )
        if number and number % GROUP_EVERY == 0:
            customer.parent = customers[number - rng.randint(1, GROUP_EVERY - 1)]
        customers.append(customer)
    return customers


def first_close(rng: Random) -> date:
    """Booking date of a customer's first deal."""
    year = FIRST_YEAR + rng.choices(range(len(YEAR_WEIGHTS)), YEAR_WEIGHTS)[0]
    quarter = rng.randrange(4)
    place = rng.choices(range(MONTHS_IN_QUARTER), MONTH_WEIGHTS)[0]
    first = date(year, quarter * MONTHS_IN_QUARTER + place + 1, 1)
    last = add_months(first, 1).toordinal() - 1
    is_late = place == MONTHS_IN_QUARTER - 1 and percent(rng, LATE_PERCENT)
    earliest = last - LATE_DAYS if is_late else first.toordinal()
    return max(working_day(date.fromordinal(rng.randint(earliest, last))), date(FIRST_YEAR, 1, 3))
