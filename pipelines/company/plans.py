"""The ERP's recognition plans: what each order line earns per month, and where it was posted."""

from dataclasses import dataclass

from pipelines.company.catalog import OUT_OF_SCOPE, POINT_IN_TIME
from pipelines.company.market import LAST_MONTH, month_end, usd_at_erp_rate
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
    """

    version: Version
    month: int
    amount: int
    rate: int
    posting_month: int | None
    is_charge: bool = False

    @property
    def base_amount(self) -> int:
        """Cents its journal posts, rounded once per row."""
        return usd_at_erp_rate(self.amount, self.version.line.contract.billed_in, self.rate)


def erp_entry(version: Version) -> Entry:
    """A version by the ERP's amount and dates."""
    return entry_of(version, version.erp_amount, version.open_part(version.erp), version.erp_meter)


def entry_of(version: Version, amount: int, terms: Terms, meter: Meter | None) -> Entry:
    """A version by an amount, one system's dates and price of use.

    Point in time: all of it on its first day.
    """
    at_once = version.line.product.pattern == POINT_IN_TIME
    ends = None if at_once else terms.ends
    return Entry(amount, terms.starts, ends, version.cancels, meter)


def erp_rate(story: Story, version: Version) -> int:
    """Rate of the version's ERP order, times 10^8."""
    currency = version.line.contract.billed_in
    return story.market.erp_rate(currency, version.order.erp_date)


def plan_line(story: Story, line: Line) -> list[PlannedRow]:
    """The planned rows of a line, by version and month; months without an amount have none."""
    versions = [version for version in line.versions if version.order.in_erp]
    if not versions or line.product.pattern == OUT_OF_SCOPE:
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
        posting: int | None = month + (month == version.late_month)
        if month > LAST_MONTH or month in missed:
            posting = None
        result.append(PlannedRow(version, month, amount, rate, posting, is_charge))
    return result


def plan(story: Story) -> dict[int, list[PlannedRow]]:
    """Version number -> its planned rows, for all versions the ERP has."""
    result: dict[int, list[PlannedRow]] = {}
    for contract in story.contracts:
        for line in contract.lines:
            for row in plan_line(story, line):
                result.setdefault(row.version.number, []).append(row)
    return result
