"""Breaks put into the deals of `shapes`, each on a contract of its own.

The first contracts that fit are taken, so a company of any size has them.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from pipelines.company.allocation import allocate
from pipelines.company.catalog import (
    ANALYTICS,
    API_CALLS,
    LICENSE,
    PREPAID_CREDITS,
    SUPPORT,
    Product,
)
from pipelines.company.story import Contract, Line, Plant, Story

Break = Callable[[Line], str]
SHIFT: Final = timedelta(days=20)
OLD_PRICE_PERCENT: Final = 70


def plant_shapes(story: Story, first: int) -> None:
    """Break some contracts.

    Args:
        story: what happened.
        first: number of the first contract that `shapes` made.
    """
    free = [each for each in story.contracts if each.number >= first]
    for reason_code, product, count, breaks in _BREAKS:
        found = [line for contract in free if (line := _line(contract, product))][:count]
        for line in found:
            free.remove(line.contract)
            note = breaks(line)
            touched = line.contract.lines if reason_code in _WHOLE_CONTRACT else [line]
            # Nothing of a free segment can be missing.
            if reason_code == "missing_in_erp":
                touched = [each for each in touched if each.versions[0].erp.amount]
            story.plants.extend(Plant(reason_code, each, note) for each in touched)
    for contract in _renewed_early(free):
        contract.orders[-1].in_erp = False
        note = f"ended by an early renewal on {contract.cancelled_on}, never told to the ERP"
        plants = [Plant("termination_not_synced", line, note) for line in contract.lines]
        story.plants.extend(plants)
        return


def _line(contract: Contract, product: Product) -> Line | None:
    return next((line for line in contract.lines if line.product is product), None)


def _renewed_early(contracts: list[Contract]) -> Iterator[Contract]:
    return (each for each in contracts if each.successor and each.cancelled_on)


def _allocate_by_an_old_price(line: Line) -> str:
    allocate(line.contract, {line.product: OLD_PRICE_PERCENT})
    return f"the ERP's fair value of licenses is {OLD_PRICE_PERCENT} percent of the price book's"


def _shift(line: Line) -> str:
    version, terms = line.versions[0], line.versions[0].erp
    ends = terms.ends + SHIFT if terms.ends else None
    version.erp = replace(terms, starts=terms.starts + SHIFT, ends=ends)
    return f"ERP recognizes {SHIFT.days} days later than the contract"


def _leave_unposted(line: Line) -> str:
    line.versions[0].unposted = 2
    return "last 2 due planned rows have no journal"


def _change_price(line: Line) -> str:
    version = line.versions[0]
    change = max(1, version.erp.unit_price // 20)
    version.erp = replace(version.erp, unit_price=version.erp.unit_price + change)
    return f"ERP unit price differs by {change} minor units"


def _charge_more(line: Line) -> str:
    version = line.versions[0]
    price = version.meter.price if version.meter else 0
    version.erp_use_price = price + max(1, price // 10)
    return f"ERP charges {version.erp_use_price} minor units for a unit, not {price}"


def _lose(line: Line) -> str:
    for order in line.contract.orders:
        order.in_erp = False
    return "no order of the contract has a sales order"


_WHOLE_CONTRACT: Final = ("missing_in_erp", "allocation_mismatch")
# Reason code, product of the line, how many, what is done to it.
_BREAKS: Final[tuple[tuple[str, Product, int, Break], ...]] = (
    ("allocation_mismatch", LICENSE, 2, _allocate_by_an_old_price),
    ("date_shift", SUPPORT, 1, _shift),
    ("posting_lag", API_CALLS, 1, _leave_unposted),
    ("price_mismatch", API_CALLS, 1, _charge_more),
    ("price_mismatch", PREPAID_CREDITS, 1, _change_price),
    ("missing_in_erp", ANALYTICS, 1, _lose),
)
