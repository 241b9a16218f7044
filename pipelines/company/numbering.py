"""Salesforce ids of everything in the story, in the order in which records came to be."""

from random import Random
from typing import Final

from pipelines.company.ids import IdSequence
from pipelines.company.story import Contract, Deal, World

ACCOUNT: Final = "001"
OPPORTUNITY: Final = "006"
OPPORTUNITY_LINE: Final = "00k"
CONTRACT: Final = "800"
ORDER: Final = "801"
ORDER_ITEM: Final = "802"
QUOTE: Final = "a0Q"
QUOTE_LINE: Final = "a0L"
SUBSCRIPTION: Final = "a0S"


def sequence(rng: Random, prefix: str) -> IdSequence:
    """Ids of one object, starting somewhere in the pod's numbers."""
    return IdSequence(prefix, rng.randrange(62**4, 62**5))


def number_customers(world: World) -> None:
    """Account ids, by the day the account was made."""
    accounts = sequence(world.rng, ACCOUNT)
    for customer in sorted(world.customers, key=lambda each: (each.since, each.number)):
        customer.account_id = accounts.take()


def number_deals(world: World) -> None:
    """Ids of opportunities, quotes, orders, contracts and all their lines."""
    rng = world.rng
    opportunities, quotes = sequence(rng, OPPORTUNITY), sequence(rng, QUOTE)
    lines, quote_lines = sequence(rng, OPPORTUNITY_LINE), sequence(rng, QUOTE_LINE)
    for deal in sorted(world.deals, key=lambda each: each.opened):
        deal.opportunity_id, deal.quote_id = opportunities.take(), quotes.take()
        for version in deal.versions:
            version.opportunity_line_id = lines.take()
            version.quote_line_id = quote_lines.take()
    won = [deal for deal in world.deals if deal.contract is not None]
    _number_orders(rng, sorted(won, key=lambda each: each.decided))


def _number_orders(rng: Random, won: list[Deal]) -> None:
    orders, items = sequence(rng, ORDER), sequence(rng, ORDER_ITEM)
    contracts, subscriptions = sequence(rng, CONTRACT), sequence(rng, SUBSCRIPTION)
    signed = 0
    for number, deal in enumerate(won, start=101):
        deal.order_id, deal.order_number = orders.take(), f"{number:08d}"
        contract = deal.contract
        if contract is not None and not contract.contract_id:
            signed += 1
            contract.contract_id, contract.number = contracts.take(), f"{signed + 100:08d}"
        for version in deal.versions:
            version.order_item_id = items.take()
            if version.line.product.recurring:
                version.subscription_id = subscriptions.take()


def contract_of(deal: Deal) -> Contract:
    """The contract of a won deal.

    Raises:
        ValueError: the deal was not won.
    """
    if deal.contract is None:
        raise ValueError("the deal has no contract")
    return deal.contract

