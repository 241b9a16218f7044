"""Months, pricing periods and the weights that spread an amount over time."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

DAY = timedelta(days=1)


def first_of(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(start: date, end: date) -> int:
    """Whole months from the start of one day to the start of another, never negative."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, months) > end:
        months -= 1
    return max(months, 0)


def months_touched(start: date, end: date) -> list[date]:
    found, month = [], first_of(start)
    while month <= end:
        found.append(month)
        month = add_months(month, 1)
    return found


def days(start: date, end: date) -> int:
    return max((end - start).days + 1, 0)


def calendar_months(start: date, end: date) -> Fraction:
    """Sum over calendar months of days covered / days of the month."""
    return sum(
        (
            Fraction(
                days(max(start, month), min(end, month_end(month))), days(month, month_end(month))
            )
            for month in months_touched(start, end)
        ),
        Fraction(0),
    )


def anchored_periods(start: date, end: date, anchor: int, *, round_up: bool) -> Fraction:
    """Periods that begin on a day of the month; each counts its share covered, or 1."""

    def begins(month: date) -> date:
        return month.replace(day=min(anchor, monthrange(month.year, month.month)[1]))

    month = add_months(first_of(start), -1)
    total = Fraction(0)
    while begins(month) <= end:
        opens, closes = begins(month), begins(add_months(month, 1)) - DAY
        covered = days(max(start, opens), min(end, closes))
        if covered:
            total += 1 if round_up else Fraction(covered, days(opens, closes))
        month = add_months(month, 1)
    return total


def pricing_periods(policy: dict, start: date, end: date) -> Fraction:
    if policy["pricing_term"].startswith("anchored"):
        round_up = policy["pricing_term"] == "anchored_round_up"
        return anchored_periods(start, end, policy["anchor_day"], round_up=round_up)
    return calendar_months(start, end)


@dataclass
class Slice:
    """The part of a service in one calendar month.

    Attributes:
        start: first day served in the month.
        end: last day served in the month.
        weight: share of the whole, the weights of a service sum to 1.
    """

    start: date
    end: date
    weight: Fraction


class Service:
    """A stretch of service days with the weight of each month.

    Args:
        policy: settings of the contract.
        start: first day.
        end: last day, counted.
        own_start: first day of the line the stretch is part of (counts half at noon).
        own_end: last day of that line.
    """

    def __init__(
        self, policy: dict, start: date, end: date, own_start: date | None, own_end: date | None
    ) -> None:
        self.start, self.end = start, end
        noon = policy["day_boundary"] == "noon" and policy["proration"] == "daily"
        self._halves = {own_start, own_end} if noon and own_start != own_end else set()
        months = [
            (max(start, month), min(end, month_end(month))) for month in months_touched(start, end)
        ]
        weights = self._weights(policy["proration"], months)
        total = sum(weights)
        self.slices = [
            Slice(first, last, Fraction(weight) / total)
            for (first, last), weight in zip(months, weights, strict=True)
        ]

    def _length(self, first: date, last: date) -> Fraction:
        return days(first, last) - Fraction(
            sum(1 for day in self._halves if day is not None and first <= day <= last), 2
        )

    def _weights(self, proration: str, months: list[tuple[date, date]]) -> list[Fraction]:
        whole = [
            Fraction(days(first, last), days(first_of(first), month_end(first)))
            for first, last in months
        ]
        if proration == "daily":
            return [self._length(first, last) for first, last in months]
        if proration == "period_rate":
            return whole
        even = [Fraction(1)] * len(months)
        if proration == "month_evenly" and len(months) > 1 and months[-1][1] != month_end(self.end):
            even[-1] = Fraction(0)
        if proration == "prorate_first_last" and len(months) > 1:
            length = days(self.start, self.end)
            first, last = (Fraction(days(*months[place]), length) for place in (0, -1))
            if len(months) > 2:
                middle = (1 - first - last) / (len(months) - 2)
                return [first, *[middle] * (len(months) - 2), last]
            return [first, last]
        return even

    def before(self, day: date) -> Fraction:
        """Share of the service before a day; inside a month by days."""
        share = Fraction(0)
        for piece in self.slices:
            if piece.end < day:
                share += piece.weight
            elif piece.start < day:
                share += piece.weight * self.part_before(piece, day)
        return share

    def part_before(self, piece: Slice, day: date) -> Fraction:
        """Share of one month's days that lie before a day."""
        if day > piece.end:
            return Fraction(1)
        if day <= piece.start:
            return Fraction(0)
        return self._length(piece.start, day - DAY) / self._length(piece.start, piece.end)
