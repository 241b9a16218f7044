"""What an order product of the CRM says of amounts that vary: a minimum a month, a rebate."""

from decimal import Decimal

from pipelines.company.market import money
from pipelines.company.rows import Row
from pipelines.company.schedule import Meter
from pipelines.company.story import Version


def monthly_minimum(meter: Meter | None, currency: str) -> Decimal | None:
    """The minimum of what is sold by use."""
    return money(meter.minimum, currency) if meter and meter.minimum else None


def variable_terms(version: Version) -> Row:
    """The custom fields of an order product."""
    rebate = version.rebate
    return {
        "Monthly_Minimum__c": monthly_minimum(
            version.meter, version.line.contract.customer.currency
        ),
        "Expected_Rebate_Percent__c": _percent(rebate.expected) if rebate else None,
        "Final_Rebate_Percent__c": _percent(rebate.final) if rebate else None,
        "Rebate_Settled_On__c": rebate.settled_on if rebate else None,
    }


def _percent(basis_points: int | None) -> Decimal | None:
    return None if basis_points is None else Decimal(basis_points).scaleb(-2)
