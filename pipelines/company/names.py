"""Names of customers, countries and people of the embedded company. All are invented."""

from itertools import product
from random import Random
from typing import Final

# Drawn with equal chance: half of the customers buy in dollars.
COUNTRIES: Final = (
    ("United States", "USD"), ("United States", "USD"), ("United States", "USD"),
    ("United States", "USD"), ("United Kingdom", "GBP"), ("Germany", "EUR"), ("France", "EUR"),
    ("Japan", "JPY"),
)  # fmt: skip
INDUSTRIES: Final = (
    "Technology", "Healthcare", "Manufacturing", "Retail", "Financial Services", "Media",
    "Education", "Transportation",
)  # fmt: skip
PEOPLE: Final = (
    "Priya Raman", "Daniel Osei", "Laura Kempf", "Marcus Hale", "Sofia Lindqvist", "Kenji Mori",
    "Amara Diallo", "Tom Whitaker",
)  # fmt: skip
_FIRST: Final = (
    "Alder", "Amber", "Basalt", "Beacon", "Birch", "Cedar", "Cobalt", "Copper", "Crescent",
    "Delta", "Ember", "Falcon", "Garnet", "Granite", "Harbor", "Hazel", "Indigo", "Juniper",
    "Keystone", "Lantern", "Maple", "Meridian", "Northwind", "Oakridge", "Opal", "Pioneer",
    "Quartz", "Redwood", "Sable", "Summit", "Tamarack", "Vertex", "Willow", "Zephyr",
)  # fmt: skip
_SECOND: Final = (
    "Analytics", "Biosciences", "Components", "Dynamics", "Energy", "Foods", "Freight",
    "Health", "Instruments", "Labs", "Logistics", "Materials", "Media", "Networks", "Outfitters",
    "Robotics", "Software", "Systems", "Textiles", "Works",
)  # fmt: skip


def company_names(count: int, rng: Random) -> list[str]:
    """Distinct names, in random order; a numeral tells apart more than the lists can name."""
    names = [f"{first} {second}" for first, second in product(_FIRST, _SECOND)]
    rng.shuffle(names)
    return [
        names[index % len(names)] + (f" {index // len(names) + 1}" if index >= len(names) else "")
        for index in range(count)
    ]
