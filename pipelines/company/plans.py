"""The ERP's recognition plans: what each order line earns per month, and where it was posted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.company.catalog import EVEN_PERIODS, OUT_OF_SCOPE, POINT_IN_TIME, RATABLE
from pipelines.company.market import LAST_MONTH, month_end, month_of, usd_at_erp_rate
from pipelines.company.recognition import open_month
from pipelines.company.schedule import Entry, Meter, charges, earned, life, ratable, shortfalls
from pipelines.company.story import Line, Story, Terms, Version
from pipelines.company.variable import Change

# Month, amount, and whether it is a charge.
Due = tuple[int, int, bool]


@dataclass(frozen=True)
class PlannedRow:
    """One planned row of an ACTUAL plan.

    Attributes:
        amount: minor units of the order's currency.
        rate: the ERP order's, times 10^8.
        posting_month: None while not recognized.
        is_charge: whether it belongs to the month's charge and not to what was paid up front.
        part: place of its ERP line among those of the version.
        is_minimum: whether it is what a month was short of its minimum.
        change: which of the version's changes it belongs to, 0 the first.
        open_month: the first month open when the ERP had it; None: its own.
        is_held: whether its plan was or is on hold.
    """

    version: Version
    month: int
    amount: int
    rate: int
    posting_month: int | None
    is_charge: bool = False
    part: int = 0
    is_minimum: bool = False
    change: int | None = None
    open_month: int | None = None
    is_held: bool = False

    def waits(self, month: int) -> str | None:
        """Why it is due by a month and not posted by its end; None: it is not, or it is posted."""
        if month < self.month or (self.posting_month is not None and self.posting_month <= month):
            return None
        if self.open_month is not None and month < self.open_month:
            return "closed_period_catch_up"
        hold = self.version.hold
        released = hold and hold.until_month is not None and month >= hold.until_month
        return "revenue_hold" if self.is_held and not released else "posting_lag"

    @property
    def is_of_order(self) -> bool:
        """Whether the element of the order line recognizes it."""
        return not (self.is_charge or self.is_minimum) and self.change is None

    @property
    def base_amount(self) -> int:
        """Cents its journal posts, rounded once per row."""
        return usd_at_erp_rate(self.amount, self.version.line.contract.billed_in, self.rate)


def erp_entry(version: Version, changes: Sequence[Change] = ()) -> Entry:
    """A version by the ERP's amount, dates and rule."""
    terms = version.open_part(version.erp)
    entry = entry_of(version, version.erp_amount, terms, version.erp_meter, changes)
    return by_erp_rule(version, entry)


def by_erp_rule(version: Version, entry: Entry) -> Entry:
    """An entry of a version as the ERP's rule spreads it."""
    pattern = version.erp_pattern or version.item.pattern
    if pattern == POINT_IN_TIME:
        return replace(entry, ends=None)
    by_time = version.erp_pattern == RATABLE
    by_month = pattern == RATABLE and version.item.erp_convention == EVEN_PERIODS
    ends = version.erp.ends if by_time else entry.ends
    return replace(entry, ends=ends, by_time=by_time, by_month=by_month)


def erp_line_entry(version: Version, part: int) -> Entry:
    """One of the ERP's lines of a version: usually it has one, and that is the version."""
    if len(version.holds) == 1 and not version.parts:
        return erp_entry(version)
    terms = version.erp_lines[part]
    return entry_of(version, terms.amount, terms, None)


def entry_of(  # noqa: PLR0913, PLR0917 - what an entry consists of
    version: Version,
    amount: int,
    terms: Terms,
    meter: Meter | None,
    changes: Sequence[Change] = (),
    known_on: date | None = None,
) -> Entry:
    """A version by an amount, one system's dates, price of use and later changes.

    Point in time: all of it on its first day. A cancellation of the past ends on the day it is
    known, by default to the ERP.
    """
    starts = terms.starts
    if version.cancels:
        starts = max(starts, known_on or version.order.erp_date)
    at_once = version.line.product.pattern == POINT_IN_TIME
    ends = None if at_once else terms.ends
    return Entry(amount, starts, ends, version.cancels, meter, changes=tuple(changes))


def erp_rate(story: Story, version: Version) -> int:
    """Rate of the version's ERP order, times 10^8."""
    currency = version.line.contract.billed_in
    return story.market.erp_rate(currency, version.order.erp_date)


def plan_line(story: Story, line: Line) -> list[PlannedRow]:
    """The planned rows of a line, by version and month; months without an amount have none."""
    versions = [version for version in line.versions if version.order.in_erp]
    if not versions or line.product.pattern == OUT_OF_SCOPE:
        return []
    lines = [(version, part) for version in versions for part in range(len(version.erp_lines))]
    entries = [erp_line_entry(version, part) for version, part in lines]
    if not entries:
        return []
    before, charged = [0] * len(entries), [0] * len(entries)
    due: dict[int, list[Due]] = {at: [] for at in range(len(lines))}
    for month in life(entries):
        after = earned(entries, month_end(month))
        charged_after = [charges(entry, month_end(month)) for entry in entries]
        for at in due:
            amounts = (after[at] - before[at], False), (charged_after[at] - charged[at], True)
            due[at] += [(month, amount, is_charge) for amount, is_charge in amounts if amount]
        before, charged = after, charged_after
    return [
        row
        for at, (version, part) in enumerate(lines)
        for row in _posted(story, version, part, due[at])
    ]


def _posted(story: Story, version: Version, part: int, rows: list[Due]) -> list[PlannedRow]:
    """Decide the posting month of each row of an ERP line."""
    rate = erp_rate(story, version)
    recognized = [month for month, *_ in rows if month <= LAST_MONTH]
    missed = set(recognized[-version.unposted :]) if version.unposted else set()
    result = []
    for month, amount, is_charge in rows:
        opened = open_month(month, version.order.entered_on)
        posting: int | None = opened + (month == version.late_month)
        hold = version.hold if version.hold and version.hold.holds(month) else None
        if hold:
            posting = hold.until_month
        if month > LAST_MONTH or month in missed:
            posting = None
        result.append(
            PlannedRow(
                version, month, amount, rate, posting, is_charge, part,
                open_month=opened, is_held=hold is not None,
            )
        )  # fmt: skip
    return result


def later_rows(story: Story, version: Version) -> Iterator[PlannedRow]:
    """What is planned of a version by other records than its order line and its charges for use.

    What months were short of their minimum, and what each change takes from the months.
    """
    entry, rate = erp_entry(version), erp_rate(story, version)
    for month in life([entry]):
        short = shortfalls(entry, month_end(month)) - shortfalls(entry, month_end(month - 1))
        if short and month <= LAST_MONTH:
            yield PlannedRow(version, month, short, rate, month, is_minimum=True)
    for at, change in enumerate(version.erp_changes):
        pair = [erp_entry(version, version.erp_changes[:count]) for count in (at, at + 1)]
        moved = 0
        for month in range(month_of(change.day), max(month_of(change.day), life(pair)[-1]) + 1):
            without, with_it = (ratable(each, month_end(month)) for each in pair)
            amount, moved = with_it - without - moved, with_it - without
            if amount:
                posting = month if month <= LAST_MONTH else None
                yield PlannedRow(version, month, amount, rate, posting, change=at)


def plan(story: Story) -> dict[int, list[PlannedRow]]:
    """Version number -> its planned rows, for all versions the ERP has."""
    result: dict[int, list[PlannedRow]] = {}
    for contract in story.contracts:
        for line in contract.lines:
            for row in plan_line(story, line):
                result.setdefault(row.version.number, []).append(row)
            for version in line.versions:
                if version.order.in_erp and (rows := list(later_rows(story, version))):
                    result.setdefault(version.number, []).extend(rows)
    return result
