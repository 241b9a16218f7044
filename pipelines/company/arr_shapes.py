"""Deals in which Sales and Finance count annual recurring revenue otherwise.

True-ups tagged recurring, contracts the ERP goes on with although nobody renewed them in the CRM,
and contracts the ERP carries under the parent of the customer. Chosen by number: nothing of the
other deals changes.
"""

from datetime import timedelta
from random import Random
from typing import Final

from pipelines.company.catalog import SEAT_STANDARD, TRUE_UP
from pipelines.company.market import AS_OF, MONTHS_PER_YEAR, add_months
from pipelines.company.selling import LATEST, add_line, discounted, open_contract
from pipelines.company.story import Contract, Line, Plant, Story, Terms

FEWEST: Final = 3
# A third of the customers have no deal of a shape; of them every second one trues up.
TRUING_UP: Final = (2, 9)
CYCLE: Final = 15
MONTHS_TO_SETTLE: Final = 2


def add_arr_shapes(story: Story, seed: int) -> None:
    """Add the deals to a story that has its breaks already."""
    rng = Random(f"{seed} arr shapes")  # noqa: S311 - no secret
    for customer in story.customers:
        if customer.parent is not None:
            for contract in customer.contracts[:1]:
                contract.billed_to = customer.parent
    for contract in _ended(story)[:FEWEST]:
        _go_on(story, contract)
    for customer in story.customers:
        if customer.number % CYCLE in TRUING_UP and customer.since <= LATEST:
            contract, order = open_contract(story, customer, MONTHS_PER_YEAR, rng)
            starts, ends, seats = contract.starts, contract.ends, rng.randint(10, 60)
            price = discounted(SEAT_STANDARD, customer, 0)
            add_line(story, order, SEAT_STANDARD, Terms(seats, price, starts, ends))
            price = discounted(TRUE_UP, customer, 0)
            add_line(story, order, TRUE_UP, Terms(1 + seats // 8, price, starts, ends))


def _ended(story: Story) -> list[Contract]:
    """Contracts that ran out, with seats, and that no break was planted in."""
    broken = {id(plant.line.contract) for plant in story.plants}
    latest = add_months(AS_OF, -MONTHS_TO_SETTLE)
    return [
        contract
        for contract in story.contracts
        if contract.successor is None
        and contract.cancelled_on is None
        and contract.ends < latest
        and not contract.is_ramp
        and all(order.in_erp for order in contract.orders)
        and any(line.product is SEAT_STANDARD for line in contract.lines)
        and id(contract) not in broken
    ]


def _go_on(story: Story, old: Contract) -> None:
    """The ERP renews the seats for a year by itself, the day after the last one."""
    starts = old.ends + timedelta(days=1)
    contract = Contract(
        len(story.contracts) + 1, old.customer, starts,
        add_months(starts, MONTHS_PER_YEAR) - timedelta(days=1), MONTHS_PER_YEAR, 0, in_crm=False,
        billed_to=old.billed_to,
    )  # fmt: skip
    story.contracts.append(contract)
    order = story.add_order(contract, "New", starts, old.ends, 0)
    order.line_keys = False
    seats = next(line for line in old.lines if line.product is SEAT_STANDARD)
    line = Line(contract, SEAT_STANDARD)
    contract.lines.append(line)
    price = discounted(SEAT_STANDARD, old.customer, old.discount)
    story.add_version(
        line, order, "Add", Terms(max(1, seats.quantity), price, starts, contract.ends)
    )
    note = "renewed by the ERP alone, no order in the CRM"
    story.plants.append(Plant("missing_in_crm", line, note))
