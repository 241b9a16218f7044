"""What moves the price of a sold line afterwards: an expected rebate and its fact, a concession.

Each is a change of the line's worth on a day. What was earned before that day is caught up on it,
as if the price had always been the new one.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.company.market import rounded

BASIS_POINTS: Final = 10_000


@dataclass(frozen=True)
class Change:
    """What a day adds to the worth of a line.

    Attributes:
        day: first day it counts.
        amount: minor units, negative where the price falls.
        is_credit: a credit memo that nobody foresaw, and no estimate.
    """

    day: date
    amount: int
    is_credit: bool = False


@dataclass(frozen=True)
class Rebate:
    """A rebate on the price of a line, in basis points of it.

    Attributes:
        expected: what is expected when it is sold.
        final: what it was in the end, from `settled_on` on; both None while it is open.
    """

    expected: int
    final: int | None = None
    settled_on: date | None = None

    def changes(self, price: int, known_on: date) -> list[Change]:
        """What it does to a price that a system knows from a day on."""
        expected = rounded(price * self.expected, BASIS_POINTS)
        result = [Change(known_on, -expected)]
        if self.final is not None and self.settled_on is not None:
            final = rounded(price * self.final, BASIS_POINTS)
            result.append(Change(self.settled_on, expected - final))
        return [change for change in result if change.amount]


def moved(changes: tuple[Change, ...], through: date, *, is_credit: bool) -> int:
    """What estimates (or credit memos) have moved a price by through a day."""
    return sum(
        change.amount
        for change in changes
        if change.day <= through and change.is_credit == is_credit
    )
