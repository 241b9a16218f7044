"""Amendments of a running contract: more seats, fewer seats, and the end of everything."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from pipelines.company.market import AS_OF, rounded
from pipelines.company.schedule import Entry, unearned
from pipelines.company.story import Contract, Line, Order, Story, Terms

# From the close date to the effective date: never before the ERP has the order.
SHORTEST_NOTICE: Final = 4
LONGEST_NOTICE: Final = 18
LARGEST_UPSELL_PERCENT: Final = 30
LARGEST_DOWNSELL_PERCENT: Final = 25
# Days until the ERP has an amendment.
LAGS: Final = (0, 0, 1, 2, 3)


def amend(story: Story, contract: Contract, day: date, direction: int, rng: Random) -> None:
    """Add (direction 1) or take away (-1) seats from a day to the contract's end.

    Nothing happens when the day is too late to have been booked, too early for the order before
    it, or when no seat can be taken away.
    """
    line = rng.choice([line for line in contract.lines if line.product.family == "Seats"])
    booked_on = _booked_on(contract, day, rng)
    quantity = line.quantity
    share = LARGEST_UPSELL_PERCENT if direction > 0 else LARGEST_DOWNSELL_PERCENT
    delta = min(1 + quantity * rng.randint(3, share) // 100, quantity if direction > 0 else
                quantity - 1)  # fmt: skip
    if booked_on is None or delta < 1:
        return
    root = line.versions[0].erp
    days_left = (contract.ends - day).days + 1
    unit_price = rounded(root.unit_price * days_left, (contract.ends - contract.starts).days + 1)
    order = story.add_order(contract, "Amendment", day, booked_on, rng.choice(LAGS))
    action = "Upsell" if direction > 0 else "Downsell"
    terms = Terms(direction * delta, unit_price, day, contract.ends)
    story.add_version(line, order, action, terms)


def cancel(story: Story, contract: Contract, rng: Random) -> None:
    """End all recurring lines, after the last amendment, when there is room for it."""
    if contract.is_ramp:
        return
    first = contract.orders[-1].effective_on + timedelta(days=30)
    last = min(contract.ends - timedelta(days=20), AS_OF - timedelta(days=15))
    if first > last:
        return
    day = first + timedelta(days=rng.randint(0, (last - first).days))
    booked_on = _booked_on(contract, day, rng)
    if booked_on is None:
        return
    lag = rng.choice(LAGS)
    ending = [line for line in contract.lines if line.product.recurring]
    end_lines(story, contract, ending, day, booked_on, lag)
    contract.cancelled_on = day


def end_lines(  # noqa: PLR0913, PLR0917 - what an order consists of
    story: Story, contract: Contract, lines: Sequence[Line], day: date, booked_on: date,
    lag: int = 1,
) -> Order:  # fmt: skip
    """An amendment that ends some lines of a contract on a day, at what they have not earned."""
    order = story.add_order(contract, "Amendment", day, booked_on, lag)
    for line in lines:
        story.add_version(line, order, "Cancel", _cancelling(line, day))
    return order


def _booked_on(contract: Contract, day: date, rng: Random) -> date | None:
    """Close date of an amendment effective on a day; None if it cannot be booked by now."""
    booked_on = day - timedelta(days=rng.randint(SHORTEST_NOTICE, LONGEST_NOTICE))
    before = contract.orders[-1]
    earliest = max(before.booked_on, before.erp_date) + timedelta(days=1)
    possible = booked_on <= AS_OF and day > before.effective_on and booked_on >= earliest
    return booked_on if possible else None


def _cancelling(line: Line, day: date) -> Terms:
    """Take back the quantity at the unearned amount, spread over it and rounded once per unit."""
    entries = [
        Entry(version.erp.amount, version.erp.starts, version.erp.ends) for version in line.versions
    ]
    quantity = line.quantity
    return Terms(-quantity, rounded(unearned(entries, day), quantity), day, line.contract.ends)
