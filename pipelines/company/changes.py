"""Amendments of a contract: more seats, fewer seats, cancellation of everything."""

from datetime import date, timedelta
from random import Random
from typing import Final

from pipelines.company.catalog import PLATFORM
from pipelines.company.customers import percent
from pipelines.company.deals import handed_over, open_deal
from pipelines.company.market import AS_OF, DAYS_IN_YEAR, round_div, working_day
from pipelines.company.schedule import ratable
from pipelines.company.story import Contract, Deal, Line, Version, World

# Booked so many days before it takes effect: more than the hand-over to the ERP takes.
SHORTEST_NOTICE: Final = 6
LONGEST_NOTICE: Final = 20
EARLIEST_CHANGE: Final = 30
# Renewals are booked in the last 60 days: nothing is amended after.
LATEST_CHANGE: Final = 75
AMENDED_PERCENT: Final = 24
AMENDED_AGAIN_PERCENT: Final = 25
CANCELLED_PERCENT: Final = 5
DOWNSELL_PERCENT: Final = 28


def live_through(world: World, contract: Contract) -> None:
    """What happens to a contract by itself: up to two amendments, rarely a cancellation."""
    rng = world.rng
    if contract.is_ramp:
        return
    if percent(rng, AMENDED_PERCENT):
        change_seats(world, contract, window(contract))
        if percent(rng, AMENDED_AGAIN_PERCENT):
            change_seats(world, contract, window(contract))
    if percent(rng, CANCELLED_PERCENT):
        cancel(world, contract, window(contract))


def window(
    contract: Contract, earliest: date = date.min, latest: date = date.max
) -> tuple[date, date]:
    """First and last day on which another change may take effect, within the days asked for."""
    last_change = contract.deals[-1].start
    first = max(last_change + timedelta(days=EARLIEST_CHANGE), earliest)
    return first, min(contract.end - timedelta(days=LATEST_CHANGE), latest)


def change_seats(world: World, contract: Contract, between: tuple[date, date]) -> Deal | None:
    """Add or take away seats until the contract's end; None if there is no room for it."""
    rng = world.rng
    seats = next(
        line for line in contract.lines if line.product.recurring and line.product is not PLATFORM
    )
    deal = _amendment(world, contract, between)
    if deal is None:
        return None
    held = seats.quantity
    if percent(rng, DOWNSELL_PERCENT) and held > 1:
        delta = -min(max(1, held * rng.randint(5, 25) // 100), held - 1)
    else:
        delta = max(1, held * rng.randint(5, 40) // 100)
    days = (contract.end - deal.start).days + 1
    unit = round_div(seats.net_price * days, DAYS_IN_YEAR)
    _change(deal, seats, "Upsell" if delta > 0 else "Downsell", delta, unit)
    _book(world, contract, deal)
    return deal


def cancel(world: World, contract: Contract, between: tuple[date, date]) -> Deal | None:
    """End a contract early, giving back what is unearned; None if there is no room for it."""
    deal = _amendment(world, contract, between)
    if deal is None:
        return None
    deal.is_cancellation = True
    day_before = deal.start - timedelta(days=1)
    for line in contract.lines:
        if line.product.recurring:
            unearned = sum(
                version.amount - ratable(version.crm_term, day_before)
                for version in line.versions
                if version.crm_term.last >= deal.start
            )
            unit = round_div(unearned, line.quantity)
            _change(deal, line, "Cancel", -line.quantity, unit)
    contract.cancelled_on = deal.start
    _book(world, contract, deal)
    return deal


def _amendment(world: World, contract: Contract, between: tuple[date, date]) -> Deal | None:
    """A deal that takes effect in the window and is booked by as_of, or None."""
    first, last = between
    if contract.cancelled_on is not None or first > last:
        return None
    effective = first + timedelta(days=world.rng.randint(0, (last - first).days))
    notice = world.rng.randint(SHORTEST_NOTICE, LONGEST_NOTICE)
    close = working_day(effective - timedelta(days=notice))
    if not contract.deals[-1].close < close <= AS_OF:
        return None
    deal = open_deal(world, contract.customer, "Amendment", close, effective)
    deal.contract, deal.end = contract, contract.end
    deal.opened = max(deal.opened, contract.deals[-1].decided + timedelta(hours=1))
    deal.known_on = _known(world.rng, contract, close)
    return deal


def _known(rng: Random, contract: Contract, close: date) -> date | None:
    # The integration hands over in order: no amendment of an order the ERP does not have.
    before = contract.deals[-1].known_on
    known = handed_over(rng, close)
    return max(known, before) if known is not None and before is not None else None


def _change(deal: Deal, line: Line, action: str, delta: int, unit: int) -> None:
    version = Version(
        line, deal, action, delta, unit, deal.start, deal.end, prior=line.quantity
    )
    line.versions.append(version)
    deal.versions.append(version)


def _book(world: World, contract: Contract, deal: Deal) -> None:
    contract.deals.append(deal)
    world.deals.append(deal)
