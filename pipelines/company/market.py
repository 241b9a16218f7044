"""Currencies, calendar months and the one market both systems take their exchange rates from.

Amounts are integers in minor units. Months are counted from year 0 (`year * 12 + month - 1`).
The ERP keeps a rate per month with eight decimals (USD for one unit), the CRM a rate per quarter
with six (units for one USD), so their reporting amounts differ a little.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

AS_OF: Final = date(2025, 12, 31)
HISTORY_STARTS: Final = date(2022, 1, 1)
EXPONENT: Final = {"USD": 2, "EUR": 2, "GBP": 2, "JPY": 0}
CURRENCY_NAMES: Final = {
    "USD": "US Dollar", "EUR": "Euro", "GBP": "British Pound", "JPY": "Japanese Yen",
}  # fmt: skip
MONTHS_PER_YEAR: Final = 12
MONTHS_PER_QUARTER: Final = 3
ERP_SCALE: Final = 10**8
CRM_SCALE: Final = 10**6
# USD for one unit in January 2022, in hundred-millionths.
_FIRST_RATES: Final = {"EUR": 113_420_000, "GBP": 134_870_000, "JPY": 868_900}
_BASIS_POINTS: Final = 10_000


def rounded(numerator: int, denominator: int) -> int:
    """The quotient as an integer, half away from zero. The denominator is positive."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def money(minor: int, currency: str) -> Decimal:
    """Minor units as an exact amount in major units."""
    return Decimal(minor).scaleb(-EXPONENT[currency])


def add_months(day: date, months: int) -> date:
    """The same day months later, or the last day of a shorter month."""
    year, month = divmod(month_of(day) + months, MONTHS_PER_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(day: date) -> int:
    """The month a day falls in."""
    return day.year * MONTHS_PER_YEAR + day.month - 1


def month_start(month: int) -> date:
    """First day of a month."""
    return date(month // MONTHS_PER_YEAR, month % MONTHS_PER_YEAR + 1, 1)


def month_end(month: int) -> date:
    """Last day of a month."""
    return month_start(month + 1) - timedelta(days=1)


def period_name(month: int) -> str:
    """The ERP's name of a month, for example `Jan 2022`."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[month % MONTHS_PER_YEAR]} {month // MONTHS_PER_YEAR}"


FIRST_MONTH: Final = month_of(HISTORY_STARTS)
LAST_MONTH: Final = month_of(AS_OF)


@dataclass(frozen=True)
class Market:
    """Exchange rates as scaled integers.

    Attributes:
        erp: currency, month -> USD for one unit, times 10^8.
        crm: currency, first month of a quarter -> units for one USD, times 10^6.
    """

    erp: dict[tuple[str, int], int]
    crm: dict[tuple[str, int], int]

    def erp_rate(self, currency: str, day: date) -> int:
        """The ERP's rate of the month of a day."""
        return self.erp[currency, month_of(day)]

    def crm_rate(self, currency: str, day: date) -> int:
        """The CRM's dated rate of a day."""
        month = month_of(day)
        return self.crm[currency, month - month % MONTHS_PER_QUARTER]


def build_market(rng: Random) -> Market:
    """A random walk per currency, by month, from January 2022 through December 2025."""
    erp: dict[tuple[str, int], int] = {}
    crm: dict[tuple[str, int], int] = {}
    for currency in EXPONENT:
        rate = _FIRST_RATES.get(currency, ERP_SCALE)
        for month in range(FIRST_MONTH, LAST_MONTH + 1):
            erp[currency, month] = rate
            if month % MONTHS_PER_QUARTER == 0:
                spread = rng.randint(-40, 40) if currency in _FIRST_RATES else 0
                crm[currency, month] = rounded(
                    ERP_SCALE * CRM_SCALE * (_BASIS_POINTS + spread), rate * _BASIS_POINTS
                )
            if currency in _FIRST_RATES:
                rate += rounded(rate * rng.randint(-170, 160), _BASIS_POINTS)
                rate += rng.randint(-40, 40)
    return Market(erp, crm)


def usd_at_erp_rate(minor: int, currency: str, rate: int) -> int:
    """Cents of an amount at the rate the ERP keeps on its order."""
    return rounded(minor * rate * 100, ERP_SCALE * 10 ** EXPONENT[currency])


def usd_at_crm_rate(minor: int, currency: str, rate: int) -> int:
    """Cents of an amount at the CRM's dated rate."""
    return rounded(minor * CRM_SCALE * 100, rate * 10 ** EXPONENT[currency])
