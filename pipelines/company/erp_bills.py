"""What is billed and when: deals up front, multi-year deals a year at a time.

Every seventh contract is billed in arrears, at the end of each quarter of service.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pipelines.company.market import (
    AS_OF,
    MONTHS_PER_QUARTER,
    MONTHS_PER_YEAR,
    add_months,
    rounded,
)
from pipelines.company.story import Contract, Line, Order, Version

ARREARS_EVERY: Final = 7


@dataclass(frozen=True)
class Bill:
    """An invoice or, with a negative total, a credit memo; amounts in minor units."""

    order: Order
    day: date
    lines: tuple[tuple[Version, int], ...]

    @property
    def total(self) -> int:
        """Sum of its lines."""
        return sum(amount for _, amount in self.lines)


def bills(contract: Contract) -> list[Bill]:
    """The bills of a contract that are due by now."""
    result = []
    for order in contract.orders:
        if not order.in_erp:
            continue
        # A swap ends one line and adds another: a credit memo and an invoice.
        ended = [version for version in order.versions if version.cancels]
        kept = [version for version in order.versions if not version.cancels]
        if ended:
            lines = [(version, _to_settle(version.line, version)) for version in ended]
            result.append(Bill(order, order.effective_on, tuple(lines)))
        days = _bill_days(contract) if order.kind != "Amendment" else [order.effective_on]
        for number, day in enumerate(days):
            lines = [
                (version, _share(version, number, len(days)))
                for version in kept
                if not _is_ended(version.line, day)
            ]
            result.append(Bill(order, day, tuple(lines)))
    due = [
        Bill(bill.order, bill.day, tuple(line for line in bill.lines if line[1]))
        for bill in result
        if bill.day <= AS_OF
    ]
    return [bill for bill in due if bill.lines]


def _bill_days(contract: Contract) -> list[date]:
    """The first day of every year of service, or the last one of every quarter."""
    if _is_in_arrears(contract):
        ends = range(MONTHS_PER_QUARTER, contract.months + 1, MONTHS_PER_QUARTER)
        return [add_months(contract.starts, months) - timedelta(days=1) for months in ends]
    years = range(max(1, contract.months // MONTHS_PER_YEAR))
    return [add_months(contract.starts, MONTHS_PER_YEAR * year) for year in years]


def _is_in_arrears(contract: Contract) -> bool:
    """Whether it is billed after service; a ramp is not, its steps have dates of their own."""
    in_steps = any(line.segment is not None for line in contract.lines)
    return contract.number % ARREARS_EVERY == 0 and not in_steps


def _share(version: Version, number: int, count: int) -> int:
    """What the n-th of several bills takes of a version.

    A ramp's year is billed when it starts, a one-time delivery with the first bill.
    """
    amount, segment = version.erp.amount, version.line.segment
    if version.closed:
        # Nothing more is billed of what was closed.
        days = _bill_days(version.line.contract)
        amount, count = version.closed.amount, sum(day <= version.closed.last_day for day in days)
        if number >= count:
            return 0
    if segment is not None or not version.line.product.recurring:
        return amount if number == min(segment or 1, count) - 1 else 0
    return rounded(amount * (number + 1), count) - rounded(amount * number, count)


def _is_ended(line: Line, day: date) -> bool:
    """Whether the ERP knows that a line has ended before a day."""
    return any(each.cancels and each.order.in_erp and day > each.erp.starts
               for each in line.versions)  # fmt: skip


def _to_settle(line: Line, cancelling: Version) -> int:
    """What a line that ends leaves to bill: what it takes back less what was not billed yet.

    In the end as much is billed as the line's versions amount to. As a rule it is negative: a
    credit.
    """
    day, days = cancelling.erp.starts, _bill_days(line.contract)
    unbilled = sum(
        _share(version, number, len(days))
        for version in line.versions
        if version.order.in_erp and not version.cancels and version.order.kind != "Amendment"
        for number, due in enumerate(days)
        if due > day
    )
    return cancelling.erp.amount + unbilled
