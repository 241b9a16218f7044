"""When the ERP may post what a plan made due, and what was recognized past the plan."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.company.market import LAST_MONTH, month_end

CLOSED_THROUGH: Final = LAST_MONTH - 1


@dataclass(frozen=True)
class Hold:
    """A plan on hold: its rows from the first month on wait.

    Attributes:
        until_month: where they were caught up when it was released; None: still on hold.
    """

    from_month: int
    until_month: int | None

    def holds(self, month: int) -> bool:
        """Whether the row of a month waits."""
        released = self.until_month is not None and month >= self.until_month
        return month >= self.from_month and not released


@dataclass(frozen=True)
class ByHand:
    """A journal somebody made on the revenue account of a line.

    Attributes:
        cents: US cents of revenue, negative when it takes some back.
        minor: minor units of the deal's currency, where the journal is in that currency.
        names: what its line says of the order line: element, key or arrangement.
    """

    month: int
    cents: int
    minor: int | None
    names: str


def closed_on(month: int) -> date | None:
    """The day the ERP closed a month; None: it is open."""
    if month > CLOSED_THROUGH:
        return None
    return month_end(month) + timedelta(days=7 + month % 3)


def open_month(month: int, entered_on: date | None) -> int:
    """The first month from one on that was open on the day the ERP got to know of it."""
    while entered_on and (closed := closed_on(month)) and closed < entered_on:
        month += 1
    return month
