"""The engine rule: what is earned of a contract line through a day, in integers.

Every version earns straight line by exact days, a one-time delivery on its day, one that is sold
by use with its use. A cancellation freezes the line: what was not earned the day before falls to
the cancellation's day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.company.market import AS_OF, month_end, month_of, rounded
from pipelines.company.variable import Change


@dataclass(frozen=True)
class Meter:
    """What is used of a version.

    Attributes:
        units: units paid for up front; 0 when every unit is charged.
        price: minor units for each unit beyond them.
        uses: days and units used, in order.
        lapses: whether what is left on the last day lapses then.
        minimum: minor units that a month of service is charged at least.
    """

    units: int
    price: int
    uses: tuple[tuple[date, int], ...]
    lapses: bool = False
    minimum: int = 0

    def used(self, through: date) -> int:
        """Units used through a day."""
        return sum(units for day, units in self.uses if day <= through)

    def charged(self, through: date) -> int:
        """Charges for units beyond those paid for."""
        return max(0, self.used(through) - self.units) * self.price

    def short(self, month: int) -> int:
        """What the charges of a month leave to its minimum."""
        charged = self.charged(month_end(month)) - self.charged(month_end(month - 1))
        return max(0, self.minimum - charged)

    def drawn(self, amount: int, through: date) -> int:
        """The part of an amount paid up front that was used."""
        if not self.units:
            return 0
        return rounded(amount * min(self.units, self.used(through)), self.units)


@dataclass(frozen=True)
class Entry:
    """A version as one view knows it.

    Attributes:
        amount: minor units.
        ends: last day of service, None for a one-time delivery.
        cancels: it ends the line on `starts`.
        meter: what is used of it, if it is sold by use.
        by_time: earned by time though it is sold by use; what use adds is charged all the same.
        by_month: every month touched earns the same, whatever its length.
        changes: what moves the amount later.
    """

    amount: int
    starts: date
    ends: date | None
    cancels: bool = False
    meter: Meter | None = None
    by_time: bool = False
    by_month: bool = False
    changes: tuple[Change, ...] = ()

    def worth(self, through: date) -> int:
        """The amount with what has moved it through a day."""
        return self.amount + sum(each.amount for each in self.changes if each.day <= through)

    def lapsed(self, through: date) -> int:
        """The part of the amount that was never used and lapsed by a day.

        A lapse is a fact: none is foreseen before it happens.
        """
        last = self.ends
        if self.meter is None or self.by_time or not self.meter.lapses:
            return 0
        if last is None or last > AS_OF:
            return 0
        return self.amount - self.meter.drawn(self.amount, last) if through >= last else 0


def charges(entry: Entry, through: date) -> int:
    """What use beyond the amount paid up front adds through a day."""
    return entry.meter.charged(through) if entry.meter else 0


def shortfalls(entry: Entry, through: date) -> int:
    """What all months of service that have ended by a day were short of the minimum."""
    if entry.meter is None or entry.ends is None:
        return 0
    months = range(month_of(entry.starts), month_of(entry.ends) + 1)
    return sum(entry.meter.short(month) for month in months if month_end(month) <= through)


def ratable(entry: Entry, through: date) -> int:
    """Earned of the amount of one version on its own through a day, both ends inclusive.

    By month, the day is the last one of a month.
    """
    if entry.meter and not entry.by_time:
        return entry.meter.drawn(entry.amount, through) + entry.lapsed(through)
    if through < entry.starts:
        return 0
    if entry.ends is None or through >= entry.ends:
        return entry.worth(through)
    if entry.by_month:
        first, last = month_of(entry.starts), month_of(entry.ends)
        return rounded(entry.worth(through) * (month_of(through) - first + 1), last - first + 1)
    days = (entry.ends - entry.starts).days + 1
    return rounded(entry.worth(through) * ((through - entry.starts).days + 1), days)


def earned(entries: Sequence[Entry], through: date) -> list[int]:
    """Earned of the amount of each version of one line through a day, charges left out.

    Args:
        entries: the versions of the line that the view knows, at most one of them cancelling.
        through: last day counted.
    """
    stop = next((entry.starts for entry in entries if entry.cancels), None)
    if stop is None:
        return [ratable(entry, through) for entry in entries]
    last_day = min(through, stop - timedelta(days=1))
    result = [0 if entry.cancels else _kept(entry, stop, through, last_day) for entry in entries]
    if through >= stop:
        at = next(index for index, entry in enumerate(entries) if entry.cancels)
        result[at] = sum(
            entry.amount - kept
            for entry, kept in zip(entries, result, strict=True)
            if entry.cancels or entry.ends is None or entry.ends >= stop
        )
    return result


def _kept(entry: Entry, stop: date, through: date, last_day: date) -> int:
    """What a version of a cancelled line earns itself."""
    ended = entry.ends is not None and entry.ends < stop
    return ratable(entry, through if ended else last_day)


def unearned(entries: Iterable[Entry], stop: date) -> int:
    """What the versions of a line have not earned the day before `stop`."""
    day = stop - timedelta(days=1)
    return sum(entry.amount - ratable(entry, day) for entry in entries)


def life(entries: Sequence[Entry]) -> range:
    """The months from the first to the last day of a line, or to its end that was known later."""
    first = min(entry.starts for entry in entries)
    last = max(max(entry.starts, entry.ends or entry.starts) for entry in entries)
    return range(month_of(first), month_of(last) + 1)
