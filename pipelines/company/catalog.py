"""The price list: products, how each is earned, and its prices per currency."""

from dataclasses import dataclass
from typing import Final

from pipelines.company.market import EXPONENT, rounded

RATABLE: Final = "ratable"
POINT_IN_TIME: Final = "point_in_time"
USAGE: Final = "usage"
CREDITS: Final = "drawdown"
OUT_OF_SCOPE: Final = "out_of_scope"
# What the ERP calls the rule of each pattern; what is no revenue has none.
ERP_RULES: Final = {
    RATABLE: "Exact days", POINT_IN_TIME: "Point in time", USAGE: "Usage",
    CREDITS: "Usage drawdown",
}  # fmt: skip
# The ERP's rule that spreads over months whatever their length.
EVEN_PERIODS: Final = "Even periods"


@dataclass(frozen=True)
class Product:
    """A product of the price list.

    Attributes:
        charge: Recurring, One-Time or Usage, as the CRM calls it.
        list_price: USD cents per unit: of a year for a recurring product.
        selling_percent: standalone selling price in percent of the list price.
        pattern: how it is earned.
        percent_of_licenses: price in percent of the licenses sold with it; then it has no other.
        erp_convention: the ERP's own rule for it, if it is not that of the pattern.
    """

    number: int
    code: str
    name: str
    family: str
    charge: str
    list_price: int
    selling_percent: int
    pattern: str = RATABLE
    percent_of_licenses: int = 0
    erp_convention: str = ""

    @property
    def recurring(self) -> bool:
        """Whether the CRM tags it as sold by the year."""
        return self.charge == "Recurring"

    @property
    def committed(self) -> bool:
        """Whether it carries annual recurring revenue: a true-up settles the past."""
        return self.recurring and self.family != "True-ups" and self.pattern != OUT_OF_SCOPE

    @property
    def erp_rule(self) -> str | None:
        """The ERP's name of its recognition rule."""
        return self.erp_convention or ERP_RULES.get(self.pattern)


PLATFORM: Final = Product(1, "PLAT", "Platform fee", "Platform", "Recurring", 1_200_000, 92)
SEAT_STANDARD: Final = Product(2, "SEAT-STD", "Standard seat", "Seats", "Recurring", 48_000, 85)
SEAT_ENTERPRISE: Final = Product(3, "SEAT-ENT", "Enterprise seat", "Seats", "Recurring", 90_000, 82)
IMPLEMENTATION: Final = Product(
    4, "IMPL", "Implementation package", "Services", "One-Time", 800_000, 95, POINT_IN_TIME
)
LICENSE: Final = Product(
    5, "LIC", "Data engine, term license", "Licenses", "Recurring", 600_000, 80, POINT_IN_TIME
)
SUPPORT: Final = Product(
    6, "SUP", "Data engine support", "Support", "Recurring", 0, 100, percent_of_licenses=20
)
API_CALLS: Final = Product(7, "API", "API calls (thousand)", "Usage", "Usage", 400, 100, USAGE)
API_COMMITMENT: Final = Product(
    8, "API-COMMIT", "API calls, committed (thousand)", "Usage", "Usage", 400, 90, USAGE
)
PREPAID_CREDITS: Final = Product(
    9, "CREDIT", "Prepaid credit", "Credits", "One-Time", 500, 90, CREDITS
)
ANALYTICS: Final = Product(10, "ANLT", "Analytics", "Analytics", "Recurring", 36_000, 88)
TRUE_UP: Final = Product(11, "TRUE-UP", "Seat true-up", "True-ups", "Recurring", 48_000, 85)
SALES_TAX: Final = Product(12, "TAX", "Sales tax", "Taxes", "One-Time", 70_000, 100, OUT_OF_SCOPE)
RESALE: Final = Product(
    13, "RESALE", "Partner service, collected", "Resale", "Recurring", 30_000, 100, OUT_OF_SCOPE
)
PREMIER_CARE: Final = Product(
    14, "CARE", "Premier care", "Care", "Recurring", 240_000, 90, erp_convention=EVEN_PERIODS
)
EXPENSES: Final = Product(
    15, "EXP", "Travel expenses, reimbursed", "Expenses", "One-Time", 90_000, 100, OUT_OF_SCOPE
)
PRODUCTS: Final = (
    PLATFORM, SEAT_STANDARD, SEAT_ENTERPRISE, IMPLEMENTATION, LICENSE, SUPPORT, API_CALLS,
    API_COMMITMENT, PREPAID_CREDITS, ANALYTICS, TRUE_UP, SALES_TAX, RESALE, PREMIER_CARE, EXPENSES,
)  # fmt: skip
# Price lists are set once per currency and rounded to a whole unit; they do not follow the market.
PRICE_LIST_PERCENT: Final = {"USD": 100, "EUR": 92, "GBP": 80, "JPY": 14_500}


def list_price(product: Product, currency: str) -> int:
    """List price in minor units of a currency."""
    major = rounded(product.list_price * PRICE_LIST_PERCENT[currency], 10_000)
    return int(major * 10 ** EXPONENT[currency])


def selling_price(product: Product, currency: str) -> int:
    """Standalone selling price per unit, in minor units, as the price book states it."""
    return rounded(list_price(product, currency) * product.selling_percent, 100)
