"""Annual recurring revenue of the company by line and month, from its own truth.

Written apart from the models, day by day instead of by windows: a line counts what runs on the last
day of the month, for `GRACE` days beyond its own last day unless something takes it over first.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.company.answer_key import ArrRow
from pipelines.company.crm_lines import order_item_id
from pipelines.company.market import (
    FIRST_MONTH,
    LAST_MONTH,
    MONTHS_PER_YEAR,
    add_months,
    month_end,
    period_name,
    rounded,
)
from pipelines.company.story import Contract, Line, Story, Terms

GRACE: Final = timedelta(days=30)
DAY: Final = timedelta(days=1)
DAYS_PER_YEAR: Final = 365


@dataclass(frozen=True)
class _Change:
    """A signed version: what it adds from a day to its last day."""

    signed: date
    starts: date
    ends: date
    quantity: int
    annual: int

    @property
    def live(self) -> date:
        """First day it counts: nothing counts before it is signed."""
        return max(self.signed, self.starts)


@dataclass(frozen=True)
class Held:
    """A product under a contract: a line, or all steps of a ramp."""

    root: Line
    changes: tuple[_Change, ...]

    @property
    def contract(self) -> Contract:
        """The contract it is held under."""
        return self.root.contract

    @property
    def live(self) -> date:
        """First day it counts."""
        return min(change.live for change in self.changes)

    @property
    def ends(self) -> date:
        """Last day of service."""
        return max(change.ends for change in self.changes)

    def annual_on(self, day: date) -> int:
        """What runs on a day; after the last day, what ran on it."""
        at = min(day, self.ends)
        running = [c for c in self.changes if c.live <= day and c.starts <= at <= c.ends]
        return sum(c.annual for c in running) if sum(c.quantity for c in running) else 0


def recurring(story: Story) -> Iterator[ArrRow]:
    """ARR at the end of each month that has any, minor units of the deal's currency."""
    by_customer: defaultdict[int, list[Held]] = defaultdict(list)
    for contract in story.contracts:
        by_customer[contract.customer.number] += held_lines(contract)
    for held in by_customer.values():
        for each in held:
            last = last_day(each, held)
            root_id = order_item_id(each.root.versions[0])
            for month in range(FIRST_MONTH, LAST_MONTH + 1):
                day = month_end(month)
                if each.live <= day <= last and (annual := each.annual_on(day)):
                    yield ArrRow(root_id, period_name(month), annual)


def annualized(terms: Terms) -> int:
    """The amount per twelve months: whole months of the term, then days as 365ths of a year."""
    assert terms.ends is not None  # noqa: S101 - what recurs has a last day
    after = terms.ends + DAY
    months = 0
    while add_months(terms.starts, months + 1) <= after:
        months += 1
    days = (after - add_months(terms.starts, months)).days
    parts = DAYS_PER_YEAR * months + MONTHS_PER_YEAR * days
    return rounded(terms.amount * DAYS_PER_YEAR * MONTHS_PER_YEAR, parts)


def held_lines(contract: Contract) -> list[Held]:
    """What recurs under a contract by the CRM, in the order it was sold."""
    groups: dict[object, list[Line]] = {}
    for line in contract.lines:
        if contract.in_crm and line.versions[0].crm and line.product.committed:
            key = id(line) if line.segment is None else line.product
            groups.setdefault(key, []).append(line)
    return [Held(lines[0], tuple(_changes(lines))) for lines in groups.values()]


def _changes(lines: Sequence[Line]) -> Iterator[_Change]:
    for version in (version for line in lines for version in line.versions):
        terms = version.crm
        if terms is not None and terms.ends is not None:
            yield _Change(
                version.order.booked_on, terms.starts, terms.ends, terms.quantity,
                annualized(terms),
            )  # fmt: skip


def last_day(held: Held, others: Sequence[Held]) -> date:
    """Last day a product counts: until it is taken over, dropped by a renewal or out of grace."""
    return continuation(held, others) or held.ends + GRACE


def continuation(held: Held, others: Sequence[Held]) -> date | None:
    """The day before something goes on with a product or drops it; None: it runs out."""
    grace_ends = held.ends + GRACE
    same = [
        other
        for other in others
        if other.root.product is held.root.product
        and other.contract is not held.contract
        and other.live <= grace_ends + DAY
    ]
    renewing = [other.live for other in same if other.contract.predecessor is held.contract]
    following = [other.live for other in same if other.live > held.ends]
    if takeover := renewing or following:
        return min(takeover) - DAY
    renewal = [each.live for each in others if each.contract.predecessor is held.contract]
    if renewal and min(renewal) <= grace_ends + DAY:
        return max(held.ends, min(renewal) - DAY)
    return None
