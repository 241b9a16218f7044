"""How an amount is written for people: exact, with the digits its currency has."""

import csv
from decimal import ROUND_FLOOR, Decimal
from functools import cache
from typing import Final

from pipelines.config import PROJECT_ROOT

DEFAULT_DIGITS: Final = 2
TENTH_OF_PERCENT: Final = Decimal("0.1")


def format_money(amount: Decimal, currency: str) -> str:
    """Write an amount with thousands separators; a reduction carries a minus sign.

    Never rounds: digits beyond the currency's minor unit are shown when they are not zero,
    because hiding them would hide a difference.

    Args:
        amount: in major units of the currency.
        currency: ISO code, decides the number of decimals.
    """
    digits = currency_digits(currency)
    exponent = amount.normalize().as_tuple().exponent
    used = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return f"{amount if amount else abs(amount):,.{max(digits, used)}f}"


def format_with_currency(amount: Decimal, currency: str) -> str:
    """The same, followed by the currency's code."""
    return f"{format_money(amount, currency)} {currency}"


def format_share(part: Decimal | int, whole: Decimal | int) -> str:
    """A share in percent, rounded down: 100 % is only ever shown for the whole.

    Returns:
        For example `99.9 %`, or `n/a` when there is no whole.
    """
    if not whole:
        return "n/a"
    percent = (Decimal(part) * 100 / Decimal(whole)).quantize(
        TENTH_OF_PERCENT, rounding=ROUND_FLOOR
    )
    return f"{percent} %"


@cache
def _minor_units() -> dict[str, int]:
    with (PROJECT_ROOT / "seeds" / "currencies.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["currency_code"]: len(row["minor_units_per_major"]) - 1
            for row in csv.DictReader(file)
        }


def currency_digits(currency: str) -> int:
    """Decimals of a currency, from the seed that the models use too."""
    return _minor_units().get(currency, DEFAULT_DIGITS)
