"""How the company sells: customers, first contracts, amendments, cancellations and renewals."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import Final

from pipelines.company.amendments import amend, cancel
from pipelines.company.catalog import (
    IMPLEMENTATION,
    PLATFORM,
    SEAT_ENTERPRISE,
    SEAT_STANDARD,
    Product,
    list_price,
)
from pipelines.company.market import (
    AS_OF,
    HISTORY_STARTS,
    MONTHS_PER_YEAR,
    add_months,
    build_market,
    rounded,
)
from pipelines.company.names import COUNTRIES, INDUSTRIES, company_names
from pipelines.company.story import Contract, Customer, Line, LostDeal, Order, Story, Terms

# Segment -> seats from, to, highest discount in percent, implementation packages at most.
SEGMENTS: Final = {
    "SMB": (8, 45, 10, 1), "Mid-Market": (40, 180, 18, 2), "Enterprise": (150, 700, 30, 5),
}  # fmt: skip
OWNERS: Final = 8
RAMP_MONTHS: Final = 36
# Among so many customers one is always cancelled and one always upsold early, so that every
# size of company has contracts for every break.
CYCLE: Final = 12
CANCELLED_IN_CYCLE: Final = 5
UPSOLD_IN_CYCLE: Final = 7
EARLY_DAYS: Final = 600
RECENT: Final = timedelta(days=4)
# One customer in so many signed in the last days: booked, not yet handed over.
RECENT_CYCLE: Final = 40


def tell(customers: int, seed: int) -> Story:
    """The story of the company, without any break."""
    story = Story(build_market(Random(f"{seed} market")))  # noqa: S311 - no secret
    rng = Random(f"{seed} deals")  # noqa: S311 - no secret
    story.customers = _customers(customers, rng)
    for customer in story.customers:
        _history(story, customer, rng)
    for order in (order for contract in story.contracts for order in contract.orders):
        # The integration once failed to write line keys: such orders match by item and amount.
        amounts = [(v.line.product.code, v.erp.amount) for v in order.versions]
        order.line_keys = rng.randint(1, 9) > 1 or len(set(amounts)) < len(amounts)
    for customer in story.customers:
        _lost(story, customer, rng)
    return story


def _customers(count: int, rng: Random) -> list[Customer]:
    """The accounts; about one in fifteen belongs to another one."""
    result: list[Customer] = []
    for number, name in enumerate(company_names(count, rng), start=1):
        country, currency = rng.choice(COUNTRIES)
        early = number % CYCLE in (CANCELLED_IN_CYCLE, UPSOLD_IN_CYCLE)
        days = EARLY_DAYS if early else (AS_OF - HISTORY_STARTS).days - 12
        # Squaring the draw lets more customers join early than late.
        since = HISTORY_STARTS + timedelta(days=5 + int(days * rng.randint(0, 100) ** 2 / 10_000))
        if number % RECENT_CYCLE == RECENT_CYCLE // 2:
            since = AS_OF - timedelta(days=rng.randint(0, 3))
        parent = result[rng.randrange(len(result))] if result and rng.randint(1, 15) == 1 else None
        result.append(
            Customer(
                number, name, rng.choice(("SMB", "SMB", "SMB", "Mid-Market", "Mid-Market",
                                          "Enterprise")),
                country, currency, rng.choice(INDUSTRIES),
                None if parent is None else parent.parent or parent,
                rng.randint(1, OWNERS), since,
            )
        )  # fmt: skip
    return result


def _history(story: Story, customer: Customer, rng: Random) -> None:
    """All contracts of a customer, one after the other."""
    booked_on = customer.since
    starts = booked_on + timedelta(days=rng.randint(4, 34))
    predecessor: Contract | None = None
    while booked_on <= AS_OF:
        contract = _contract(story, customer, predecessor, booked_on, starts, rng)
        kind = customer.number % CYCLE if len(customer.contracts) == 1 else 0
        if kind == UPSOLD_IN_CYCLE and not contract.is_ramp:
            amend(story, contract, contract.starts + timedelta(days=45), 1, rng)
        elif kind == CANCELLED_IN_CYCLE or rng.randint(1, 22) == 1:
            _amendments(story, contract, rng)
            cancel(story, contract, rng)
        else:
            _amendments(story, contract, rng)
        if contract.cancelled_on or rng.randint(1, 5) == 1:
            if rng.randint(1, 4) > 1:
                return
            predecessor = None
            booked_on = (contract.cancelled_on or contract.ends) + timedelta(rng.randint(50, 300))
            starts = booked_on + timedelta(days=rng.randint(4, 30))
        else:
            predecessor = contract
            starts = contract.ends + timedelta(days=1)
            booked_on = starts - timedelta(days=rng.randint(4, 45))


def _amendments(story: Story, contract: Contract, rng: Random) -> None:
    """None, one or several amendments; a ramp is never amended."""
    if contract.is_ramp:
        return
    day = contract.starts
    for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 1, 1, 2, 3))):
        day += timedelta(days=rng.randint(35, 220))
        if day > contract.ends - timedelta(days=25):
            return
        amend(story, contract, day, 1 if rng.randint(1, 4) > 1 else -1, rng)


def _contract(  # noqa: PLR0913, PLR0917 - what a contract depends on
    story: Story,
    customer: Customer,
    predecessor: Contract | None,
    booked_on: date,
    starts: date,
    rng: Random,
) -> Contract:
    """A new contract or the renewal of one, with its first order."""
    first = not customer.contracts and customer.number % CYCLE in (
        CANCELLED_IN_CYCLE,
        UPSOLD_IN_CYCLE,
    )
    months = rng.choice((12, 12, 24)) if first else rng.choice((12, 12, 12, 12, 24, 36))
    contract = Contract(
        len(story.contracts) + 1, customer, starts, add_months(starts, months) - timedelta(days=1),
        months, rng.randint(0, SEGMENTS[customer.segment][2]), predecessor,
        is_ramp=months == RAMP_MONTHS and rng.randint(1, 5) > 2,  # noqa: PLR2004 - 3 of 5
    )  # fmt: skip
    if predecessor:
        predecessor.successor = contract
    story.contracts.append(contract)
    customer.contracts.append(contract)
    kind = "Renewal" if predecessor else "New"
    # What was closed in the last days before the year's end is not handed over yet.
    lag = 6 if booked_on > AS_OF - RECENT else rng.choice((0, 0, 1, 1, 2, 3))
    order = story.add_order(contract, kind, starts, booked_on, min(lag, 3 if predecessor else 6))
    _first_lines(story, contract, order, _quantities(contract, rng), rng)
    return contract


def _quantities(contract: Contract, rng: Random) -> list[tuple[Product, int]]:
    """Recurring products and how many of each: a renewal starts from what there was."""
    if contract.predecessor:
        kept = {}
        for line in contract.predecessor.lines:
            last = contract.predecessor.ends == (line.versions[0].erp.ends or date.min)
            if line.product.recurring and last:
                kept[line.product] = line.quantity
        return [
            (product, max(1, rounded(quantity * rng.choice((90, 100, 100, 105, 115)), 100))
             if product.family == "Seats" else quantity)
            for product, quantity in kept.items()
        ]  # fmt: skip
    low, high = SEGMENTS[contract.customer.segment][:2]
    seats = rng.randint(low, high)
    if contract.customer.segment == "SMB":
        return [(SEAT_STANDARD, seats)] + ([(PLATFORM, 1)] if rng.randint(1, 2) == 1 else [])
    result = [(PLATFORM, 1), (SEAT_STANDARD, seats)]
    if rng.randint(1, 5) > 2:  # noqa: PLR2004 - three of five
        result.append((SEAT_ENTERPRISE, max(2, seats // rng.randint(3, 8))))
    return result


def _first_lines(
    story: Story,
    contract: Contract,
    order: Order,
    quantities: Sequence[tuple[Product, int]],
    rng: Random,
) -> None:
    """The lines of a contract's first order: one, or one per year of a ramp, per product."""
    action = "Renew" if order.kind == "Renewal" else "Add"
    discount = contract.discount
    for product, quantity in quantities:
        for index in range(contract.months // MONTHS_PER_YEAR if contract.is_ramp else 1):
            terms = _segment_terms(contract, product, quantity, index)
            line = Line(contract, product, index + 1 if contract.is_ramp else None)
            contract.lines.append(line)
            story.add_version(line, order, action, terms)
    if order.kind == "New" and rng.randint(1, 5) > 2:  # noqa: PLR2004 - three of five
        packages = rng.randint(1, SEGMENTS[contract.customer.segment][3])
        price = rounded(
            list_price(IMPLEMENTATION, contract.customer.currency) * (100 - discount // 2), 100
        )
        day = contract.starts + timedelta(days=rng.randint(0, 75))
        line = Line(contract, IMPLEMENTATION)
        contract.lines.append(line)
        story.add_version(line, order, action, Terms(packages, price, day, None))


def _segment_terms(contract: Contract, product: Product, quantity: int, index: int) -> Terms:
    """Terms of one line: the whole contract, or one year of a ramp with its own price."""
    price = list_price(product, contract.customer.currency) * (100 - contract.discount)
    if not contract.is_ramp:
        unit_price = rounded(price * contract.months, 100 * MONTHS_PER_YEAR)
        return Terms(quantity, unit_price, contract.starts, contract.ends)
    starts = add_months(contract.starts, index * MONTHS_PER_YEAR)
    ends = add_months(contract.starts, (index + 1) * MONTHS_PER_YEAR) - timedelta(days=1)
    grown = quantity if product is PLATFORM else rounded(quantity * (80 + 20 * index), 100)
    return Terms(max(1, grown), rounded(price * (80 + 10 * index), 10_000), starts, ends)


def _lost(story: Story, customer: Customer, rng: Random) -> None:
    """Sometimes an opportunity that was lost or is still open."""
    if rng.randint(1, 5) > 2:  # noqa: PLR2004 - two of five customers have one
        return
    if rng.randint(1, 2) == 1:
        stage, close_on = "Closed Lost", customer.since + timedelta(days=rng.randint(0, 300))
        close_on = min(close_on, AS_OF - timedelta(days=2))
    else:
        stage = rng.choice(("Qualification", "Proposal/Price Quote", "Negotiation/Review"))
        close_on = AS_OF + timedelta(days=rng.randint(5, 80))
    starts = close_on + timedelta(days=15)
    ends = add_months(starts, MONTHS_PER_YEAR) - timedelta(days=1)
    lines = tuple(
        (product, Terms(quantity, list_price(product, customer.currency), starts, ends))
        for product, quantity in ((PLATFORM, 1), (SEAT_STANDARD, rng.randint(5, 120)))
    )
    story.orders += 1
    story.lost.append(LostDeal(story.orders, customer, stage, close_on, lines))
