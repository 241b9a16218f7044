"""Rounding, and splitting an amount so that the parts sum to it."""

from collections.abc import Sequence
from fractions import Fraction


class Money:
    """Rounding at a number of decimals.

    Args:
        decimals: decimals of every rounded amount.
        residual: where the rest of a split goes.
    """

    def __init__(self, decimals: int, residual: str) -> None:
        self.unit = Fraction(1, 10**decimals)
        self.residual = residual

    def round(self, amount: Fraction) -> Fraction:
        """Half away from zero."""
        units = abs(amount) / self.unit
        whole = (2 * units.numerator + units.denominator) // (2 * units.denominator)
        return whole * self.unit * (-1 if amount < 0 else 1)

    def cut(self, amount: Fraction) -> Fraction:
        """Toward zero."""
        units = abs(amount) / self.unit
        return (units.numerator // units.denominator) * self.unit * (-1 if amount < 0 else 1)

    def split(self, amount: Fraction, weights: Sequence[Fraction]) -> list[Fraction]:
        """Split a rounded amount by weights; parts are in line_no order."""
        amount, total = self.round(amount), sum(weights, Fraction(0))
        if not weights:
            return []
        shares = [amount * weight / total if total else amount / len(weights) for weight in weights]
        if self.residual == "largest_remainder":
            parts = [self.cut(share) for share in shares]
            rest = amount - sum(parts)
            step = self.unit if rest > 0 else -self.unit
            order = sorted(
                range(len(parts)), key=lambda place: (-abs(shares[place] - parts[place]), place)
            )
            for place in order[: int(abs(rest) / self.unit)]:
                parts[place] += step
            return parts
        parts = [self.round(share) for share in shares]
        if self.residual == "last_line":
            place = len(parts) - 1
        else:
            place = min(range(len(parts)), key=lambda at: (-abs(parts[at]), at))
        parts[place] += amount - sum(parts)
        return parts


def schedule(
    money: Money, residual: str, amount: Fraction, weights: Sequence[Fraction]
) -> list[Fraction]:
    """Amount of each month.

    A month of no weight at the end (cut off by `month_evenly`) takes no residual.
    """
    used = len(weights)
    while used > 1 and not weights[used - 1]:
        used -= 1
    if residual == "cumulative":
        parts, share, before = [], Fraction(0), Fraction(0)
        for weight in weights[:used]:
            share += weight
            now = money.round(amount * share)
            parts.append(now - before)
            before = now
    else:
        parts = [money.round(amount * weight) for weight in weights[:used]]
        place = used - 1 if residual == "last_period" else max(used - 2, 0)
        parts[place] += amount - sum(parts)
    return parts + [Fraction(0)] * (len(weights) - used)
