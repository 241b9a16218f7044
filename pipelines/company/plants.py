"""Breaks put into the story on purpose, each on a contract of its own.

They change what the ERP holds (or who knows of an order), never the customer's terms.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from pipelines.company.catalog import PRODUCTS, list_price
from pipelines.company.market import (
    AS_OF,
    LAST_MONTH,
    MONTHS_PER_YEAR,
    add_months,
    month_of,
    month_start,
)
from pipelines.company.schedule import Entry, earned
from pipelines.company.story import Contract, Line, Order, Plant, Story, Terms, Version

FEWEST: Final = 3
MOST: Final = 8
CUSTOMERS_PER_PLANT: Final = 50
# Booked before this day, so that the break is visible and not still within the handoff lag.
SETTLED: Final = AS_OF - timedelta(days=10)
VISIBLE: Final = date(AS_OF.year, AS_OF.month, 1)
SHIFT_DAYS: Final = (10, 45)

Find = Callable[[Contract], "Line | None"]
Break = Callable[[Line, Random], str]


def plant(story: Story, seed: int) -> None:
    """Choose contracts and break them, three to eight for every reason code.

    A small company (below 60 customers) may have fewer contracts that fit, and so fewer breaks.
    """
    rng = Random(f"{seed} plants")  # noqa: S311 - no secret
    count = max(FEWEST, min(MOST, len(story.customers) // CUSTOMERS_PER_PLANT))
    free = list(story.contracts)
    rng.shuffle(free)
    # The rarest kind of contract chooses first.
    for reason_code, find, breaks in _BREAKS:
        found = [(contract, line) for contract in free if (line := find(contract))][:count]
        for contract, line in found:
            free.remove(contract)
            for order in contract.orders:
                order.line_keys = True
            note = breaks(line, rng)
            touched = contract.lines if reason_code in _WHOLE_CONTRACT else [line]
            if reason_code == "termination_not_synced":
                touched = [line for line in contract.lines if line.product.recurring]
            story.plants.extend(Plant(reason_code, each, note) for each in touched)
    for _ in range(count):
        _key_by_hand(story, rng)


def _settled(order: Order) -> bool:
    return order.in_erp and order.booked_on <= SETTLED


def _last_order_line(contract: Contract, action: str) -> Line | None:
    """The line of the last order, when that order is of a kind and may be missing in the ERP."""
    last = contract.orders[-1]
    settled = all(_settled(order) for order in contract.orders)
    version = last.versions[0]
    started = version.erp.starts <= AS_OF
    return version.line if settled and started and version.action == action else None


def _cancelled_line(contract: Contract) -> Line | None:
    return _last_order_line(contract, "Cancel")


def _upsold_line(contract: Contract) -> Line | None:
    return _last_order_line(contract, "Upsell")


def _single_line(contract: Contract) -> Line | None:
    """The seats of a contract that was never amended, with service in a month before the last."""
    if len(contract.orders) > 1 or contract.is_ramp or not _settled(contract.orders[0]):
        return None
    seats = next((line for line in contract.lines if line.product.family == "Seats"), None)
    if seats is None or seats.versions[0].erp.starts >= VISIBLE - timedelta(days=60):
        return None
    return seats


def _running_line(contract: Contract) -> Line | None:
    """The same, with service through the last month or shortly before it."""
    line = _single_line(contract)
    return line if line and contract.ends >= VISIBLE - timedelta(days=120) else None


def _whole_contract(contract: Contract) -> Line | None:
    settled = all(_settled(order) for order in contract.orders)
    fits = settled and not contract.cancelled_on and contract.starts <= AS_OF
    return contract.lines[0] if fits else None


def _lose_last_order(line: Line, _: Random) -> str:
    order = line.contract.orders[-1]
    order.in_erp = False
    return f"amendment order booked {order.booked_on} has no sales order"


def _lose_termination(line: Line, _: Random) -> str:
    line.contract.orders[-1].in_erp = False
    return f"cancellation as of {line.contract.cancelled_on} never reached the ERP"


def _lose_contract(line: Line, _: Random) -> str:
    for order in line.contract.orders:
        order.in_erp = False
    return "no order of the contract has a sales order"


def change_quantity(line: Line, rng: Random) -> str:
    """Let the ERP's line have another quantity; says what was done."""
    version = line.versions[0]
    delta = max(1, version.erp.quantity * rng.randint(4, 20) // 100) * rng.choice((1, -1))
    new = version.erp.quantity + delta
    version.erp = replace(version.erp, quantity=new if new > 0 else version.erp.quantity + 1)
    return f"ERP order line has quantity {version.erp.quantity}"


def change_price(line: Line, rng: Random) -> str:
    """Let the ERP's line have another unit price; says what was done."""
    version = line.versions[0]
    change = max(1, version.erp.unit_price * rng.randint(2, 12) // 100) * rng.choice((1, -1))
    version.erp = replace(version.erp, unit_price=version.erp.unit_price + change)
    return f"ERP unit price differs by {change} minor units"


def shift_dates(line: Line, rng: Random) -> str:
    """Let the ERP recognize over later dates; says what was done."""
    version = line.versions[0]
    days = rng.randint(*SHIFT_DAYS)
    by, terms = timedelta(days=days), version.erp
    ends = terms.ends + by if terms.ends else None
    version.erp = replace(terms, starts=terms.starts + by, ends=ends)
    return f"ERP recognizes {days} days later than the contract"


def post_late(line: Line, rng: Random) -> str:
    """Either the last due rows have no journal, or one landed in the month after its own."""
    version = line.versions[0]
    last_due = min(LAST_MONTH, month_of(version.erp.ends or AS_OF))
    if rng.randint(1, 2) == 1:
        version.unposted = rng.randint(1, 2)
        return f"last {version.unposted} due planned rows have no journal"
    version.late_month = min(last_due, LAST_MONTH - 1) - rng.randint(0, 1)
    if not _has_row(version, version.late_month):
        version.late_month = None
        version.unposted = 1
        return "last 1 due planned rows have no journal"
    return "one planned row was posted one month late"


def _has_row(version: Version, month: int) -> bool:
    """Whether the version earns in a month and had begun before it."""
    entry = Entry(version.erp.amount, version.erp.starts, version.erp.ends)
    before = month_start(month) - timedelta(days=1)
    after = month_start(month + 1) - timedelta(days=1)
    return earned([entry], before) != earned([entry], after)


def _key_by_hand(story: Story, rng: Random) -> None:
    """A sales order of one year that nobody booked in the CRM."""
    customer = rng.choice([each for each in story.customers if each.since < date(2025, 6, 1)])
    span = (VISIBLE - timedelta(days=20) - customer.since).days
    booked_on = customer.since + timedelta(days=rng.randint(10, max(10, span)))
    starts = booked_on + timedelta(days=rng.randint(0, 15))
    ends = add_months(starts, MONTHS_PER_YEAR) - timedelta(days=1)
    contract = Contract(
        len(story.contracts) + 1, customer, starts, ends, MONTHS_PER_YEAR, 0, in_crm=False
    )
    story.contracts.append(contract)
    order = story.add_order(contract, "New", starts, booked_on, 0)
    order.line_keys = False
    line = Line(contract, PRODUCTS[1])
    contract.lines.append(line)
    terms = Terms(rng.randint(5, 60), list_price(line.product, customer.currency), starts, ends)
    story.add_version(line, order, "Add", terms)
    story.plants.append(
        Plant("missing_in_crm", line, "sales order keyed by hand, no order in the CRM")
    )


_WHOLE_CONTRACT: Final = ("missing_in_erp",)
_BREAKS: Final[tuple[tuple[str, Find, Break], ...]] = (
    ("termination_not_synced", _cancelled_line, _lose_termination),
    ("posting_lag", _running_line, post_late),
    ("amendment_not_synced", _upsold_line, _lose_last_order),
    ("date_shift", _running_line, shift_dates),
    ("quantity_mismatch", _single_line, change_quantity),
    ("price_mismatch", _single_line, change_price),
    ("missing_in_erp", _whole_contract, _lose_contract),
)
