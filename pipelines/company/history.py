"""Four years of business: each customer's contracts one after the other."""

from datetime import date, timedelta
from typing import Final

from pipelines.company.catalog import LOST, OPEN_STAGES
from pipelines.company.changes import live_through
from pipelines.company.customers import first_close, make_customers, percent
from pipelines.company.deals import (
    open_deal,
    pursue,
    renewal_wants,
    sign,
    start_after,
    term_of,
    wants,
)
from pipelines.company.market import AS_OF, working_day
from pipelines.company.story import Contract, Customer, Deal, World

RENEWED_PERCENT: Final = 84
COMEBACK_PERCENT: Final = 25
# Renewals in sight are already being negotiated.
RENEWAL_HORIZON: Final = timedelta(days=120)
PURSUIT_PERCENT: Final = 60
PURSUIT_OPEN_PERCENT: Final = 40
# One customer in so many is won in the very last days, too late for the ERP to know.
LAST_MINUTE_EVERY: Final = 20
LAST_MINUTE_MOST: Final = 5


def live(world: World, count: int) -> None:
    """Fill an empty world with `count` customers and their deals through as_of."""
    world.customers = make_customers(world.rng, count)
    last_minute = min(LAST_MINUTE_MOST, count // LAST_MINUTE_EVERY)
    for customer in world.customers:
        before = len(world.deals)
        is_last_minute = customer.number >= count - last_minute
        close = AS_OF - timedelta(days=customer.number % 2) if is_last_minute else None
        contract = _first_contract(world, customer, close)
        while contract is not None:
            live_through(world, contract)
            contract = _next_contract(world, contract)
        if percent(world.rng, PURSUIT_PERCENT):
            _pursue_something(world, customer, world.deals[before].close)
        opened = min(deal.opened for deal in world.deals[before:])
        customer.since = opened.date() - timedelta(days=world.rng.randint(5, 40))


def _first_contract(world: World, customer: Customer, close: date | None) -> Contract:
    booked = close or first_close(world.rng)
    contract = _new_contract(world, customer, booked)
    if close is not None:
        contract.deals[0].known_on = None
    return contract


def _new_contract(world: World, customer: Customer, close: date) -> Contract:
    rng = world.rng
    deal = open_deal(world, customer, "New", close, start_after(rng, close))
    return sign(world, deal, wants(rng, customer), term_of(rng, customer))


def _next_contract(world: World, contract: Contract) -> Contract | None:
    """Renewal, or what becomes of a customer that does not renew."""
    rng = world.rng
    if contract.cancelled_on is not None:
        return _comeback(world, contract.customer, contract.cancelled_on)
    close = working_day(contract.end - timedelta(days=rng.randint(5, 60)))
    deal = _renewal_deal(world, contract, close)
    if close > AS_OF:
        if contract.end <= AS_OF + RENEWAL_HORIZON:
            stage = rng.choice(OPEN_STAGES)
            pursue(world, deal, stage, renewal_wants(rng, contract), contract.months)
        return None
    if percent(rng, RENEWED_PERCENT):
        return sign(world, deal, renewal_wants(rng, contract), term_of(rng, contract.customer))
    pursue(world, deal, LOST, renewal_wants(rng, contract), contract.months)
    return _comeback(world, contract.customer, contract.end)


def _renewal_deal(world: World, contract: Contract, close: date) -> Deal:
    start = contract.end + timedelta(days=1)
    deal = open_deal(world, contract.customer, "Renewal", close, start)
    deal.opened = max(deal.opened, contract.deals[-1].decided + timedelta(hours=1))
    deal.renewed = contract
    return deal


def _comeback(world: World, customer: Customer, left_on: date) -> Contract | None:
    if not percent(world.rng, COMEBACK_PERCENT):
        return None
    close = working_day(left_on + timedelta(days=world.rng.randint(60, 250)))
    return _new_contract(world, customer, close) if close <= AS_OF else None


def _pursue_something(world: World, customer: Customer, first: date) -> None:
    rng = world.rng
    still_open = percent(rng, PURSUIT_OPEN_PERCENT)
    days = rng.randint(5, 120)
    past = first + timedelta(days=rng.randint(0, max(0, (AS_OF - first).days)))
    close = working_day(AS_OF + timedelta(days=days)) if still_open else working_day(past)
    deal = open_deal(world, customer, "New", close, start_after(rng, close))
    stage = rng.choice(OPEN_STAGES) if still_open else LOST
    pursue(world, deal, stage, wants(rng, customer), term_of(rng, customer))
