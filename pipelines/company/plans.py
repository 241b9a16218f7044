"""The ERP's recognition plans: what each order line earns per month, and where it was posted."""

from dataclasses import dataclass, replace

from pipelines.company.catalog import EVEN_PERIODS, POINT_IN_TIME, RATABLE
from pipelines.company.market import LAST_MONTH, month_end, usd_at_erp_rate
from pipelines.company.recognition import open_month
from pipelines.company.schedule import Entry, Meter, charges, earned, life
from pipelines.company.story import Line, Story, Terms, Version

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
        open_month: the first month open when the ERP had it; None: its own.
        is_held: whether its plan was or is on hold.
    """

    version: Version
    month: int
    amount: int
    rate: int
    posting_month: int | None
    is_charge: bool = False
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
    def base_amount(self) -> int:
        """Cents its journal posts, rounded once per row."""
        return usd_at_erp_rate(self.amount, self.version.line.contract.customer.currency, self.rate)


def erp_entry(version: Version) -> Entry:
    """A version by the ERP's amount, dates and rule."""
    entry = entry_of(version, version.erp_amount, version.erp, version.erp_meter)
    return by_erp_rule(version, entry)


def by_erp_rule(version: Version, entry: Entry) -> Entry:
    """An entry of a version as the ERP's rule spreads it."""
    pattern, product = version.erp_pattern or version.line.product.pattern, version.line.product
    if pattern == POINT_IN_TIME:
        return replace(entry, ends=None)
    by_time = version.erp_pattern == RATABLE
    by_month = pattern == RATABLE and product.erp_convention == EVEN_PERIODS
    ends = version.erp.ends if by_time else entry.ends
    return replace(entry, ends=ends, by_time=by_time, by_month=by_month)


def entry_of(version: Version, amount: int, terms: Terms, meter: Meter | None) -> Entry:
    """A version by an amount, one system's dates and price of use.

    Point in time: all of it on its first day.
    """
    at_once = version.line.product.pattern == POINT_IN_TIME
    ends = None if at_once else terms.ends
    return Entry(amount, terms.starts, ends, version.cancels, meter)


def erp_rate(story: Story, version: Version) -> int:
    """Rate of the version's ERP order, times 10^8."""
    currency = version.line.contract.customer.currency
    return story.market.erp_rate(currency, version.order.erp_date)


def plan_line(story: Story, line: Line) -> list[PlannedRow]:
    """The planned rows of a line, by version and month; months without an amount have none."""
    versions = [version for version in line.versions if version.order.in_erp]
    if not versions:
        return []
    entries = [erp_entry(version) for version in versions]
    before, charged = [0] * len(entries), [0] * len(entries)
    due: dict[int, list[Due]] = {version.number: [] for version in versions}
    for month in life(entries):
        after = earned(entries, month_end(month))
        charged_after = [charges(entry, month_end(month)) for entry in entries]
        for at, version in enumerate(versions):
            amounts = (after[at] - before[at], False), (charged_after[at] - charged[at], True)
            due[version.number] += [(month, amount, is_charge) for amount, is_charge in amounts
                                    if amount]  # fmt: skip
        before, charged = after, charged_after
    return [row for version in versions for row in _posted(story, version, due[version.number])]


def _posted(story: Story, version: Version, rows: list[Due]) -> list[PlannedRow]:
    """Decide the posting month of each row."""
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
            PlannedRow(version, month, amount, rate, posting, is_charge, opened, hold is not None)
        )
    return result


def plan(story: Story) -> dict[int, list[PlannedRow]]:
    """Version number -> its planned rows, for all versions the ERP has."""
    result: dict[int, list[PlannedRow]] = {}
    for contract in story.contracts:
        for line in contract.lines:
            for row in plan_line(story, line):
                result.setdefault(row.version.number, []).append(row)
    return result
