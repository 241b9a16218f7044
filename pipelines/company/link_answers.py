"""The answer key of the crosswalk: which records belong together, and how a shared one is split."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from pipelines.company.answer_key import LinkRow
from pipelines.company.crm_lines import order_item_id
from pipelines.company.market import rounded
from pipelines.company.plans import PlannedRow
from pipelines.company.story import Line, Story, Version

LINE_KEY, HEADER, NEAR, SUGGESTED = 1, 2, 3, 4


def links(story: Story, line_keys: dict[int, int]) -> Iterator[LinkRow]:
    """Every link there is to find, and every suggestion.

    Args:
        story: what happened.
        line_keys: version number -> uniquekey of its first ERP order line; further lines of one
            version follow it.
    """
    for contract in story.contracts:
        for line in contract.lines:
            for version in line.versions:
                if version.crm and version.order.in_erp and version.repeats is None:
                    for part in range(len(amounts_on_lines(version))):
                        key = str(line_keys[version.number] + part)
                        yield LinkRow(order_item_id(version), key, _pass(version))
    for version, twin in story.suggestions:
        yield LinkRow(order_item_id(version), str(line_keys[twin.number]), SUGGESTED)


def _pass(version: Version) -> int:
    """A line that holds several names the first of them; no key and another amount: by nearness."""
    if version.order.line_keys and version.held_by is None:
        return LINE_KEY
    return HEADER if version.crm is None or version.crm.amount == version.erp.amount else NEAR


def repeats_of(line: Line) -> list[Line]:
    """The lines that only the ERP has and that say a line again."""
    return [each for each in line.contract.lines if is_repeated_by_erp(each)
            and each.versions[0].repeats in line.versions]  # fmt: skip


def is_repeated_by_erp(line: Line) -> bool:
    """Whether a line says another one again, in the ERP alone."""
    root = line.versions[0]
    return root.repeats is not None and root.crm is None


def repeated_code(version: Version, code: str) -> str:
    """The code of a step of a version, where it repeats another one."""
    if version.repeats is None:
        return code
    return {"missing_in_erp": "duplicate_in_crm", "missing_in_crm": "duplicate_in_erp"}.get(
        code, code
    )


def is_shared(version: Version) -> bool:
    """Whether its ERP line holds other versions too."""
    return len((version.held_by or version).holds) > 1


def amounts_on_lines(version: Version) -> tuple[int, ...]:
    """What each of the ERP's order lines has of a version; one line: what the ERP has of it.

    What several versions share is split by their amounts: of the lines up to each, a version has
    its share, rounded from the first version on.
    """
    holder = version.held_by or version
    if not holder.parts:
        return (version.erp_amount,)
    share = _share([each.erp.amount for each in holder.holds], holder.holds.index(version))
    through = [share(each) for each in accumulate((t.amount for t in holder.parts), initial=0)]
    return tuple(after - before for before, after in pairwise(through))


@dataclass(frozen=True)
class Posted:
    """What waits to be posted, by reason, and is posted, of a version (minor units, cents)."""

    waits: dict[str | None, int]
    amount: int
    cents: int

    def waiting(self, reason: str) -> int:
        """What is due by the plan and waits for a reason."""
        return self.waits.get(reason, 0)


def posted(version: Version, plan: dict[int, list[PlannedRow]], month: int) -> Posted:
    """Through a month, from the planned rows of the version's ERP lines.

    Of a line that holds other versions, too, it has its share.
    """
    holder = version.held_by or version
    rows = plan.get(holder.number, [])
    waits: Counter[str | None] = Counter()
    amount = cents = 0
    for part in range(max(1, len(holder.parts))):
        share = _share_of_line(version, part)
        of_part = [row for row in rows if row.part == part]
        waiting: Counter[str | None] = Counter()
        for row in of_part:
            waiting[row.waits(month)] += row.amount
        for reason, due in waiting.items():
            waits[reason] += share(due)
        taken = [
            row for row in of_part if row.posting_month is not None and row.posting_month <= month
        ]
        amount += share(sum(row.amount for row in taken))
        cents += share(sum(row.base_amount for row in taken))
    return Posted(waits, amount, cents)


def _share_of_line(version: Version, part: int) -> Callable[[int], int]:
    """How an amount of an ERP line falls to the version: by what the line has of each."""
    holds = (version.held_by or version).holds
    if len(holds) == 1:
        return int
    return _share([amounts_on_lines(each)[part] for each in holds], holds.index(version))


def _share(weights: Sequence[int], at: int) -> Callable[[int], int]:
    """How an amount falls to one of several: by their weights, rounded from the first on."""
    before, through, total = sum(weights[:at]), sum(weights[: at + 1]), sum(weights)
    return lambda amount: rounded(amount * through, total) - rounded(amount * before, total)
