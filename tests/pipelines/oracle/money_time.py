"""The time value of money."""

from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from oracle.calendar import whole_months
from oracle.lines import day

DIGITS = 50


def power(base: Fraction, months: int) -> Fraction:
    """base ** (months / 12), exact for whole years."""
    if months % 12 == 0:
        return base ** (months // 12)
    with localcontext() as context:
        context.prec = DIGITS
        value = Decimal(base.numerator) / Decimal(base.denominator)
        return Fraction(value ** (Decimal(months) / 12))


def present_value(contract: dict, events: list[dict], on: date) -> Fraction:
    """Value at a day of the contract's invoices; what is due by then counts at face."""
    rate = Fraction(contract["financing_rate"])
    total = Fraction(0)
    for event in events:
        if event["type"] != "invoice":
            continue
        months = whole_months(on, day(event["on"]))
        if contract["compounding"] == "monthly":
            factor = (1 + rate / 12) ** months
        else:
            factor = power(1 + rate, months)
        total += Fraction(event["amount"]) / factor
    return total
