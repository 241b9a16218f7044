"""What a contract owes or is owed for its revenue at the end of each month, as its ERP books it.

Billed less recognized: above zero deferred revenue, below zero a contract asset. In USD a
deferral keeps the rates it was billed at (it is not money); an asset follows the rate of the
month, as any other claim does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipelines.company.erp_ids import Movement
from pipelines.company.market import FIRST_MONTH, LAST_MONTH, Market, rounded, usd_at_erp_rate
from pipelines.company.plans import PlannedRow
from pipelines.company.story import Contract


@dataclass(frozen=True)
class Position:
    """A contract at the end of a month; minor units of its currency and cents.

    Attributes:
        amount: billed less recognized.
        base_amount: the same in the ledger.
        adjusted: what was added to the ledger's sum of billed less recognized to get there.
    """

    contract: Contract
    month: int
    amount: int
    base_amount: int
    adjusted: int


def positions(
    market: Market, plan: dict[int, list[PlannedRow]], billed: Iterable[Movement]
) -> Iterator[list[Position]]:
    """The positions of each contract with anything billed or recognized, month by month."""
    moves: dict[int, dict[int, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0, 0, 0])
    )  # fmt: skip
    contracts: dict[int, Contract] = {}
    for movement in billed:
        contracts[movement.contract.number] = movement.contract
        month = moves[movement.contract.number][movement.month]
        month[0] += movement.amount
        month[1] += movement.base_amount
    for rows in plan.values():
        for row in rows:
            if row.posting_month is not None:
                contract = row.version.line.contract
                contracts[contract.number] = contract
                month = moves[contract.number][row.posting_month]
                month[2] += row.amount
                month[3] += row.base_amount
    for number, contract in sorted(contracts.items()):
        yield list(_through_the_months(market, contract, moves[number]))


def _through_the_months(
    market: Market, contract: Contract, moves: dict[int, list[int]]
) -> Iterator[Position]:
    currency = contract.billed_in
    billed = billed_base = recognized = recognized_base = 0
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        added = moves.get(month, [0, 0, 0, 0])
        billed, billed_base = billed + added[0], billed_base + added[1]
        recognized, recognized_base = recognized + added[2], recognized_base + added[3]
        amount = billed - recognized
        if amount > 0 and billed > 0:
            base = rounded(amount * billed_base, billed)
        else:
            base = usd_at_erp_rate(amount, currency, market.erp[currency, month])
        yield Position(contract, month, amount, base, base - (billed_base - recognized_base))
