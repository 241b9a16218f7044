"""The answer key of the crosswalk: which records belong together, and how a shared one is split."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
                    for part in range(max(1, len(version.parts))):
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
    rows = plan.get((version.held_by or version).number, [])
    waits: Counter[str | None] = Counter()
    for row in rows:
        waits[row.waits(month)] += row.amount
    taken = [row for row in rows if row.posting_month is not None and row.posting_month <= month]
    share = _share(version)
    return Posted(
        {reason: share(amount) for reason, amount in waits.items()},
        share(sum(row.amount for row in taken)),
        share(sum(row.base_amount for row in taken)),
    )


def _share(version: Version) -> Callable[[int], int]:
    """How an amount of the ERP line falls to the version: by amount, rounded from the first on."""
    members = (version.held_by or version).holds
    if len(members) == 1:
        return int
    amounts = [each.erp.amount for each in members]
    at = members.index(version)
    before, through, total = _sums(amounts, at)
    return lambda amount: rounded(amount * through, total) - rounded(amount * before, total)


def _sums(amounts: Sequence[int], at: int) -> tuple[int, int, int]:
    return sum(amounts[:at]), sum(amounts[: at + 1]), sum(amounts)
