"""Contracts that the ERP recognizes otherwise than by their terms, each for one cause.

Another convention, another rule, a level ramp, a plan on hold, an order entered after its period
was closed, a journal past the plan, an end that is booked months later. They are deals of their
own, with a seed of their own: the other deals stay as they are.
"""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from random import Random
from typing import Final

from pipelines.company.allocation import shares
from pipelines.company.amendments import end_lines
from pipelines.company.catalog import (
    PLATFORM,
    POINT_IN_TIME,
    PREMIER_CARE,
    PREPAID_CREDITS,
    RATABLE,
    SEAT_STANDARD,
    Product,
)
from pipelines.company.market import (
    LAST_MONTH,
    MONTHS_PER_YEAR,
    add_months,
    month_end,
    month_of,
    month_start,
    usd_at_erp_rate,
)
from pipelines.company.recognition import ByHand, Hold, closed_on
from pipelines.company.selling import LATEST, add_contract, add_line, discounted, open_contract
from pipelines.company.shapes_by_use import sell_credits
from pipelines.company.story import Customer, Plant, Story, Terms, Version

Sell = Callable[[Story, Customer, Random, int], None]
FEWEST: Final = 3
MOST: Final = 8
CUSTOMERS_PER_KIND: Final = 50
RAMP_PERCENT: Final = (70, 100, 130)
# Months from a contract's first one: the first a plan is on hold, and how long a hold lasts.
HELD_AFTER: Final = 3
HELD_MONTHS: Final = (2, 5)
LATE_DAYS: Final = (2, 40)
# From the last day of service to the day the end is booked.
NOTICE_DAYS: Final = (45, 90)


def plant_recognition(story: Story, seed: int) -> None:
    """Sell three to eight contracts of every kind."""
    rng = Random(f"{seed} recognition")  # noqa: S311 - no secret
    known = [each for each in story.customers if each.since <= LATEST]
    count = max(FEWEST, min(MOST, len(story.customers) // CUSTOMERS_PER_KIND))
    for sell in _KINDS:
        rng.shuffle(known)
        for number in range(count):
            sell(story, known[number % len(known)], rng, number)


def sell_year(story: Story, customer: Customer, rng: Random, product: Product) -> Version:
    """A contract of a year with one line."""
    return sell_months(story, customer, rng, product, MONTHS_PER_YEAR)


def sell_months(
    story: Story, customer: Customer, rng: Random, product: Product, months: int
) -> Version:
    """A contract of some months with one line."""
    contract, order = open_contract(story, customer, months, rng)
    price = discounted(product, customer, rng.randint(0, 15), months)
    terms = Terms(rng.randint(3, 40), price, contract.starts, contract.ends)
    return add_line(story, order, product, terms)


def _spread_by_month(story: Story, customer: Customer, rng: Random, _: int) -> None:
    """The ERP earns the same in each month touched: a difference of policy, and no break."""
    sell_year(story, customer, rng, PREMIER_CARE)


def _recognize_at_once(story: Story, customer: Customer, rng: Random, _: int) -> None:
    recognize_at_once(story, sell_year(story, customer, rng, SEAT_STANDARD))


def recognize_at_once(story: Story, version: Version) -> None:
    """The ERP's rule for a line that is served over time is a point in time."""
    version.erp_pattern = POINT_IN_TIME
    note = "the ERP recognizes seats on the first day"
    story.plants.append(Plant("recognition_rule_mismatch", version.line, note))


def _recognize_by_time(story: Story, _: Customer, rng: Random, number: int) -> None:
    """Prepaid credits, of one customer that has no others."""
    free = [each for each in story.customers if each.since <= LATEST and not _has_credits(each)]
    if number or not free:
        return
    customer = rng.choice(free)
    sell_credits(story, customer, rng)
    version = customer.contracts[-1].lines[0].versions[0]
    version.erp_pattern = RATABLE
    note = "the ERP recognizes prepaid credits by time"
    story.plants.append(Plant("recognition_rule_mismatch", version.line, note))


def _has_credits(customer: Customer) -> bool:
    products = [line.product for contract in customer.contracts for line in contract.lines]
    return PREPAID_CREDITS in products


def _level_a_ramp(story: Story, customer: Customer, rng: Random, _: int) -> None:
    """Three years of one platform at rising prices, which the ERP recognizes evenly."""
    contract, order = open_contract(story, customer, 3 * MONTHS_PER_YEAR, rng)
    versions = []
    for index, percent in enumerate(RAMP_PERCENT):
        starts = add_months(contract.starts, index * MONTHS_PER_YEAR)
        ends = add_months(contract.starts, (index + 1) * MONTHS_PER_YEAR) - timedelta(days=1)
        terms = Terms(1, discounted(PLATFORM, customer, 100 - percent), starts, ends)
        versions.append(add_line(story, order, PLATFORM, terms, index + 1))
    days = [(each.erp.ends or each.erp.starts) - each.erp.starts for each in versions]
    total = sum(each.erp.amount for each in versions)
    level = shares(total, [Fraction(each.days + 1) for each in days])
    for version, share in zip(versions, level, strict=True):
        version.erp_allocated, version.erp_levels = share, True


def _hold_a_plan(story: Story, customer: Customer, rng: Random, number: int) -> None:
    """Every other hold was released, and caught up in the period of the release."""
    hold_plan(sell_year(story, customer, rng, SEAT_STANDARD), rng, number)


def hold_plan(version: Version, rng: Random, number: int) -> None:
    """The ERP's plan of a version is on hold for some months, every other time still."""
    held = month_of(version.erp.starts) + HELD_AFTER
    until = held + rng.randint(*HELD_MONTHS) if number % 2 == 0 else None
    version.hold = Hold(held, until if until is not None and until <= LAST_MONTH else None)


def _enter_late(story: Story, customer: Customer, rng: Random, _: int) -> None:
    """An order dated into a month that was closed when it was entered."""
    first = month_of(customer.since) + 1
    month = rng.randint(first, max(first, month_of(LATEST)))
    booked_on = month_start(month) + timedelta(days=rng.randint(1, 8))
    starts = booked_on + timedelta(days=rng.randint(5, 12))
    contract = add_contract(story, customer, starts, MONTHS_PER_YEAR)
    order = story.add_order(contract, "New", starts, booked_on, rng.randint(0, 2))
    closed = closed_on(month) or month_end(month)
    order.entered_on = closed + timedelta(days=rng.randint(*LATE_DAYS))
    price = discounted(SEAT_STANDARD, customer, rng.randint(0, 15))
    terms = Terms(rng.randint(3, 40), price, starts, contract.ends)
    add_line(story, order, SEAT_STANDARD, terms)


def _end_late(story: Story, customer: Customer, rng: Random, number: int) -> None:
    """Notice of an end some months ago: the closed ones are taken back in the open one.

    Every other one is mostly known when all service would have ended.
    """
    months = MONTHS_PER_YEAR // 2 if number % 2 else MONTHS_PER_YEAR
    version = sell_months(story, customer, rng, SEAT_STANDARD, months)
    contract = version.line.contract
    day = add_months(contract.starts, rng.randint(3, 5)) + timedelta(days=rng.randint(0, 20))
    booked_on = day + timedelta(days=rng.randint(*NOTICE_DAYS))
    end_lines(story, contract, [version.line], day, booked_on)
    contract.cancelled_on = day


def _recognize_by_hand(story: Story, customer: Customer, rng: Random, number: int) -> None:
    """A part of a later month, by journal; every other one is taken back a month later."""
    journal_by_hand(story, sell_year(story, customer, rng, SEAT_STANDARD), rng, number)


def journal_by_hand(story: Story, version: Version, rng: Random, number: int) -> None:
    """A journal past the plan that names the line of a version, in one of three ways."""
    currency = version.line.contract.customer.currency
    month = month_of(version.erp.starts) + 2
    minor = version.erp.amount * rng.randint(3, 11) // 100
    rate = story.market.erp_rate(currency, month_start(month))
    cents = usd_at_erp_rate(minor, currency, rate)
    names = ("key", "element", "arrangement")[number % 3]
    own = minor if number % 3 == 1 else None
    journals = [ByHand(month, cents, own, names)]
    if number % 2 == 1:
        journals.append(ByHand(month + 1, -cents, own and -own, names))
    version.by_hand = tuple(journals)
    note = f"a journal of {cents} cents in US dollars names the line by its {names}"
    story.plants.append(Plant("manual_journal", version.line, note))


_KINDS: Final[tuple[Sell, ...]] = (
    _spread_by_month, _recognize_at_once, _recognize_by_time, _level_a_ramp, _hold_a_plan,
    _enter_late, _recognize_by_hand, _end_late,
)  # fmt: skip
