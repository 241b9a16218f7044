"""What the company sells and to whom: products, list prices, segments, names."""

from dataclasses import dataclass
from typing import Final

from pipelines.company.market import EUR, GBP, JPY, USD, Currency


@dataclass(frozen=True, eq=False)
class Product:
    """A product.

    Attributes:
        recurring: earned over its term; otherwise on the day of delivery.
        prices: list price by currency code, major units (a year of one unit if recurring).
        item_id: the ERP's item.
    """

    code: str
    name: str
    family: str
    recurring: bool
    prices: dict[str, int]
    item_id: int

    def list_price(self, currency: Currency) -> int:
        """List price in minor units."""
        return int(self.prices[currency.code] * 10**currency.digits)


PLATFORM: Final = Product(
    "PLAT",
    "Insight Platform",
    "Platform",
    True,
    {"USD": 9600, "GBP": 7800, "EUR": 9000, "JPY": 1_380_000},
    1101,
)
SEAT_STANDARD: Final = Product(
    "SEAT-STD",
    "Analyst Seat Standard",
    "Seats",
    True,
    {"USD": 360, "GBP": 290, "EUR": 340, "JPY": 52_000},
    1102,
)
SEAT_ENTERPRISE: Final = Product(
    "SEAT-ENT",
    "Analyst Seat Enterprise",
    "Seats",
    True,
    {"USD": 600, "GBP": 480, "EUR": 560, "JPY": 86_000},
    1103,
)
IMPLEMENTATION: Final = Product(
    "IMPL",
    "Implementation Services (day)",
    "Services",
    False,
    {"USD": 1450, "GBP": 1150, "EUR": 1350, "JPY": 210_000},
    1110,
)
PRODUCTS: Final = (PLATFORM, SEAT_STANDARD, SEAT_ENTERPRISE, IMPLEMENTATION)


@dataclass(frozen=True)
class Segment:
    """How customers of one size buy.

    Attributes:
        weight: share of customers.
        terms: relative frequency of 12, 24 and 36 months.
        seat: the kind of seat they buy.
        seats: smallest and largest number of seats.
        discount: lowest and highest discount, thousandths of the list price.
        implementation: percent of new deals that buy services.
        days: fewest and most days of services.
    """

    name: str
    weight: int
    terms: tuple[int, int, int]
    seat: Product
    seats: tuple[int, int]
    discount: tuple[int, int]
    implementation: int
    days: tuple[int, int]


SEGMENTS: Final = {
    segment.name: segment
    for segment in (
        Segment("SMB", 55, (86, 11, 3), SEAT_STANDARD, (8, 45), (0, 120), 25, (2, 6)),
        Segment("Mid-Market", 32, (62, 20, 18), SEAT_ENTERPRISE, (40, 150), (50, 220), 55, (5, 20)),
        Segment("Enterprise", 13, (40, 20, 40), SEAT_ENTERPRISE, (180, 800), (180, 380), 80, (15, 60)),
    )
}
TERMS: Final = (12, 24, 36)

# Country, currency, relative frequency, company forms.
COUNTRIES: Final = (
    ("United States", USD, 52, ("Inc.", "Corp.", "LLC", "Group")),
    ("United Kingdom", GBP, 16, ("Ltd", "plc", "Holdings")),
    ("Germany", EUR, 12, ("GmbH", "AG")),
    ("France", EUR, 10, ("SA", "SAS")),
    ("Japan", JPY, 10, ("K.K.", "Co., Ltd.")),
)
INDUSTRIES: Final = (
    "Banking", "Insurance", "Manufacturing", "Retail", "Healthcare", "Energy",
    "Transportation", "Telecommunications", "Media", "Biotechnology",
)  # fmt: skip
NAME_FIRST: Final = (
    "Alder", "Ashford", "Beacon", "Birchwood", "Bluewater", "Brightline", "Calder", "Cascade",
    "Cedar", "Clearview", "Copperfield", "Crestline", "Dunmore", "Eastgate", "Elmhurst",
    "Fairmont", "Falcon", "Foxglove", "Glenmore", "Granite", "Greystone", "Halcyon", "Harborview",
    "Hawthorne", "Highland", "Ironbridge", "Juniper", "Kestrel", "Kingsley", "Lakeshore",
    "Larkspur", "Lindenhof", "Longmeadow", "Maplewood", "Meridian", "Millbrook", "Monarch",
    "Northgate", "Oakridge", "Orchard", "Pemberton", "Pinnacle", "Quarry", "Ravenswood",
    "Redwood", "Ridgeway", "Rosewood", "Sakura", "Silverton", "Stonebridge", "Summit", "Sycamore",
    "Thornbury", "Tidewater", "Vantage", "Westbrook", "Whitfield", "Willow", "Windermere",
    "Yarrow",
)  # fmt: skip
NAME_SECOND: Final = (
    "Bank", "Biosciences", "Capital", "Chemicals", "Components", "Dynamics", "Electronics",
    "Energy", "Foods", "Freight", "Health", "Industries", "Insurance", "Laboratories",
    "Logistics", "Materials", "Media", "Mobility", "Pharma", "Robotics", "Software", "Systems",
    "Textiles", "Utilities",
)  # fmt: skip
REPS: Final = (
    "Amara Okafor", "Ben Whitaker", "Chiara Rossi", "Daniel Kim", "Elena Petrova", "Farid Haddad",
    "Grace Lindqvist", "Hiroshi Tanaka", "Isabelle Moreau", "Jonas Weber", "Katherine Doyle",
    "Luis Ortega",
)  # fmt: skip
OPEN_STAGES: Final = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation")
WON: Final = "Closed Won"
LOST: Final = "Closed Lost"
