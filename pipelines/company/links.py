"""How the ERP's records point back to the CRM's: 18 or 15 characters, or not at all."""

from collections import Counter
from random import Random
from typing import Final

from pipelines.company.ids import CASE_SENSITIVE_LENGTH
from pipelines.company.story import Deal, World

LINES_WITHOUT_KEY_PERCENT: Final = 12


def link_systems(world: World) -> None:
    """Write the CRM's ids on every ERP order that the integration made."""
    for contract in world.contracts:
        if not contract.in_crm:
            continue
        for deal in contract.deals:
            if deal.known_on is not None:
                _link(world.rng, deal, allowed_without=contract.break_code is None)


def _link(rng: Random, deal: Deal, *, allowed_without: bool) -> None:
    deal.header_key = either_length(rng, deal.order_id)
    # Without line keys a line must be found by its item and amount within the order.
    found_by = Counter((version.line.product.code, version.amount) for version in deal.versions)
    is_findable = max(found_by.values()) == 1
    if rng.randrange(100) < LINES_WITHOUT_KEY_PERCENT and allowed_without and is_findable:
        return
    short = rng.randrange(3) == 0
    for version in deal.versions:
        key = version.order_item_id
        version.line_key = key[:CASE_SENSITIVE_LENGTH] if short else key


def either_length(rng: Random, record_id: str) -> str:
    """The id as an integration stored it: 18 characters or the first 15."""
    return record_id[:CASE_SENSITIVE_LENGTH] if rng.randrange(2) else record_id
