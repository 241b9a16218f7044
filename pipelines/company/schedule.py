"""The engine rule: what is earned of a contract line through a day, in integers.

Every version earns straight line by exact days, a one-time delivery on its day. A cancellation
freezes the line: what was not earned the day before falls to the cancellation's day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.company.market import month_of, rounded


@dataclass(frozen=True)
class Entry:
    """A version as one view knows it.

    Attributes:
        amount: minor units.
        ends: last day of service, None for a one-time delivery.
        cancels: it ends the line on `starts`.
    """

    amount: int
    starts: date
    ends: date | None
    cancels: bool = False


def ratable(entry: Entry, through: date) -> int:
    """Earned of one version on its own through a day, both ends inclusive."""
    if through < entry.starts:
        return 0
    if entry.ends is None or through >= entry.ends:
        return entry.amount
    days = (entry.ends - entry.starts).days + 1
    return rounded(entry.amount * ((through - entry.starts).days + 1), days)


def earned(entries: Sequence[Entry], through: date) -> list[int]:
    """Earned of each version of one line through a day.

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
    """The months from the first to the last day of a line."""
    first = min(entry.starts for entry in entries)
    last = max(entry.ends or entry.starts for entry in entries)
    return range(month_of(first), month_of(last) + 1)
