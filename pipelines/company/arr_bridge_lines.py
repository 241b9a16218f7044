"""Contract lines as each system counts them for the ARR bridge, from the company's own truth."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from pipelines.company.market import MONTHS_PER_YEAR, add_months, rounded
from pipelines.company.recurring import DAY, DAYS_PER_YEAR, GRACE, Held, continuation, held_lines
from pipelines.company.story import Line, Story, Terms, Version


@dataclass(frozen=True)
class CrmLine:
    """A line the CRM tags recurring.

    Attributes:
        steps: the lines of its ramp, itself if it is none.
        live: first day it counts, of a ramp its first step's.
        ends: last day of service, of a ramp its last step's.
        runs_out: nothing in the CRM goes on with it or drops it.
        last: last day it counts in the CRM.
        renewed_signed: day the renewal of its contract was signed.
        replaced: first day the renewal counts in its stead.
    """

    line: Line
    steps: tuple[Line, ...]
    live: date
    ends: date
    runs_out: bool
    last: date
    renewed_signed: date | None
    replaced: date | None

    @property
    def is_ramp(self) -> bool:
        """Whether it is a step of a ramp."""
        return self.line.segment is not None and self.line.product.committed

    @property
    def is_last_step(self) -> bool:
        """Whether it is the last step of its ramp; a line without a ramp is."""
        return self.line is self.steps[-1]


@dataclass
class ErpLine:
    """A line as the ERP holds it; `last` is the last day it counts there."""

    line: Line
    versions: tuple[Version, ...]
    known: date = field(init=False)
    effective: date = field(init=False)
    ends: date = field(init=False)
    last: date = field(init=False)

    def __post_init__(self) -> None:
        self.known = min(version.order.erp_date for version in self.versions)
        self.effective = min(map(erp_effective, self.versions))
        self.ends = max(version.erp.ends or date.min for version in self.versions)

    def goes_on_with(self, other: "ErpLine") -> bool:
        """Whether it starts in the days of grace of another one, in a contract or step of its own.

        Both have the same customer, product and currency.
        """
        step = self.line.segment is not None and other.line.segment is not None
        return (
            other.ends < self.effective <= other.ends + GRACE + DAY
            and sum(version.erp.amount for version in self.versions) >= 0
            and (self.line.contract is not other.line.contract or step)
        )


def erp_effective(version: Version) -> date:
    """First day a version counts in the ERP."""
    return max(version.order.erp_date, version.erp.starts)


def sales_annual(terms: Terms) -> int:
    """The amount per twelve months as Sales counts: a year is a year, the rest by days."""
    if terms.ends is None:
        return terms.amount
    if add_months(terms.starts, MONTHS_PER_YEAR) == terms.ends + DAY:
        return terms.amount
    days = (terms.ends - terms.starts).days + 1
    return rounded(terms.amount * DAYS_PER_YEAR, days)


def crm_lines(story: Story) -> list[CrmLine]:
    """All lines the CRM tags recurring."""
    held: defaultdict[int, list[Held]] = defaultdict(list)
    for contract in story.contracts:
        held[contract.customer.number] += held_lines(contract)
    return [
        _crm_line(line, held[contract.customer.number])
        for contract in story.contracts
        for line in contract.lines
        if line.versions[0].crm and line.product.recurring
    ]


def _crm_line(line: Line, held: Sequence[Held]) -> CrmLine:
    contract = line.contract
    steps = [line]
    if line.segment is not None and line.product.committed:
        steps = [e for e in contract.lines if e.product is line.product and e.segment is not None]
    versions = [version for step in steps for version in step.versions if version.crm]
    live = min(max(v.order.booked_on, v.crm.starts) for v in versions if v.crm)
    ends = max(v.crm.ends or v.crm.starts for v in versions if v.crm)
    this = next((each for each in held if each.root is steps[0]), None)
    last = continuation(this, held) if this else None
    signed, renewed = _renewal(line)
    replaced = None
    if renewed is not None:
        same = [
            other.live
            for other in held
            if other.contract.predecessor is contract
            and other.root.product is line.product
            and other.live <= ends + GRACE + DAY
        ]
        replaced = min(same) if same else max(ends + DAY, renewed)
    return CrmLine(
        line, tuple(steps), live, ends, last is None, last or ends + GRACE, signed, replaced
    )


def _renewal(line: Line) -> tuple[date | None, date | None]:
    """When the renewal of a line's contract was signed and when it begins to count."""
    renewal = line.contract.successor
    if renewal is None:
        return None, None
    versions = [v for each in renewal.lines if each.product.recurring for v in each.versions]
    return (
        min(version.order.booked_on for version in versions),
        min(max(v.order.booked_on, v.crm.starts) for v in versions if v.crm),
    )


def erp_lines(story: Story) -> list[ErpLine]:
    """All lines the ERP has that carry ARR."""
    found = []
    groups: defaultdict[tuple[int, str, str], list[ErpLine]] = defaultdict(list)
    for contract in story.contracts:
        for line in contract.lines:
            versions = tuple(v for v in line.versions if v.order.in_erp and v.erp.ends)
            if versions and line.product.committed:
                each = ErpLine(line, versions)
                found.append(each)
                by = (contract.erp_customer.number, line.product.code, contract.billed_in)
                groups[by].append(each)
    for group in groups.values():
        for each in group:
            following = [other.effective for other in group if other.goes_on_with(each)]
            each.last = min(following) - DAY if following else each.ends + GRACE
    return found
