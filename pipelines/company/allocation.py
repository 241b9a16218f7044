"""The price of a contract shared out by relative standalone selling price, in exact fractions.

Largest remainder: every share is cut to the minor unit, the units left over go one by one to the
largest cut-off parts, the first line first where they tie.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from pipelines.company.catalog import Product, selling_price
from pipelines.company.market import MONTHS_PER_YEAR, month_of
from pipelines.company.story import Contract, Terms, Version


def shares(total: int, weights: Sequence[Fraction]) -> list[int]:
    """A total shared out by weights; the shares sum to it."""
    exact = [total * weight / sum(weights) for weight in weights]
    result = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda at: result[at] - exact[at])
    for at in by_remainder[: total - sum(result)]:
        result[at] += 1
    return result


def selling_prices(contract: Contract, percent: Mapping[Product, int]) -> list[Fraction]:
    """Standalone selling price of each line for its whole quantity and term.

    Support is priced in percent of the licenses of the contract.

    Args:
        contract: a contract with one version per line.
        percent: product -> percent of its price in the book, where it is not 100.
    """
    currency = contract.customer.currency
    own = [
        Fraction(selling_price(line.product, currency) * percent.get(line.product, 100), 100)
        * _times(line.versions[0])
        for line in contract.lines
    ]
    licenses = sum(
        (
            price
            for price, line in zip(own, contract.lines, strict=True)
            if line.product.family == "Licenses"
        ),
        Fraction(0),
    )
    return [
        licenses * line.product.percent_of_licenses / 100 if line.product.percent_of_licenses
        else price
        for price, line in zip(own, contract.lines, strict=True)
    ]  # fmt: skip


def _times(version: Version) -> Fraction:
    """Units, times years for what is sold by the year."""
    terms = version.erp
    years = Fraction(_months(terms), MONTHS_PER_YEAR) if version.line.product.recurring else 1
    return terms.quantity * Fraction(years)


def _months(terms: Terms) -> int:
    """Whole months of a term that has no other days."""
    if terms.ends is None:
        return 0
    return month_of(terms.ends) - month_of(terms.starts) + (terms.ends.day >= terms.starts.day)


def allocate(contract: Contract, erp_percent: Mapping[Product, int] | None = None) -> None:
    """Share out the price of a contract that has one version per line.

    Args:
        contract: what was sold together.
        erp_percent: product -> what the ERP takes for 100 percent of its price in the book.
    """
    versions = [line.versions[0] for line in contract.lines]
    total = sum(version.erp.amount for version in versions)
    allocated = shares(total, selling_prices(contract, {}))
    fair_values = selling_prices(contract, erp_percent or {})
    by_erp = shares(total, fair_values)
    for at, version in enumerate(versions):
        version.allocated, version.erp_allocated = allocated[at], by_erp[at]
        version.erp_fair_value = fair_values[at]
