"""Internal ids of the ERP account, the chart of accounts, and what its modules share."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from pipelines.company.catalog import OUT_OF_SCOPE, Product
from pipelines.company.rows import Tables
from pipelines.company.story import Contract, Customer


@dataclass(frozen=True)
class Account:
    """A ledger account; `rate` is the kind of rate consolidation uses."""

    id: int
    number: str
    type: str
    name: str
    rate: str


RECEIVABLE: Final = Account(119, "1200", "AcctRec", "Accounts Receivable", "CURRENT")
DEFERRED: Final = Account(217, "2500", "DeferRevenue", "Deferred Revenue", "CURRENT")
SUBSCRIPTION: Final = Account(54, "4000", "Income", "Subscription Revenue", "AVERAGE")
SERVICES: Final = Account(58, "4100", "Income", "Professional Services Revenue", "AVERAGE")
USAGE: Final = Account(55, "4050", "Income", "Usage Revenue", "AVERAGE")
# Money collected for others: never revenue.
PASS_THROUGH: Final = Account(231, "2600", "OthCurrLiab", "Collected for Others", "CURRENT")
LICENSES: Final = Account(56, "4060", "Income", "Term License Revenue", "AVERAGE")
BANK: Final = Account(110, "1000", "Bank", "Operating Account", "CURRENT")
UNBILLED: Final = Account(121, "1250", "UnbilledRec", "Contract Assets", "CURRENT")
REALIZED: Final = Account(80, "7100", "OthIncome", "Realized Gain or Loss", "AVERAGE")
ADJUSTED: Final = Account(81, "7200", "OthIncome", "Revenue Currency Adjustments", "AVERAGE")
ACCOUNTS: Final = (
    BANK, RECEIVABLE, UNBILLED, DEFERRED, PASS_THROUGH, SUBSCRIPTION, USAGE, LICENSES, SERVICES,
    REALIZED, ADJUSTED,
)  # fmt: skip
_REVENUE: Final = {"Services": SERVICES, "Licenses": LICENSES, "Usage": USAGE, "Credits": USAGE}
CURRENCY_IDS: Final = {"USD": 1, "GBP": 2, "EUR": 4, "JPY": 5}
# Ids are handed out from here on, per record type.
_FIRST: Final = {
    "transaction": 10_000, "uniquekey": 50_000, "revenueelement": 3_000, "revenueplan": 7_000,
    "revenueplanplannedrevenue": 20_000, "usage": 400, "charge": 800,
}  # fmt: skip


def customer_id(customer: Customer) -> int:
    """Internal id of a customer."""
    return 500 + 3 * customer.number


def item_id(product: Product) -> int:
    """Internal id of an item."""
    return 300 + 7 * product.number


def revenue_account(product: Product) -> Account:
    """Where revenue of a product is recognized; what is no revenue is owed to someone else."""
    if product.pattern == OUT_OF_SCOPE:
        return PASS_THROUGH
    return _REVENUE.get(product.family, SUBSCRIPTION)


def deferral_account(product: Product) -> Account:
    """Where what was billed of a product waits."""
    return PASS_THROUGH if product.pattern == OUT_OF_SCOPE else DEFERRED


@dataclass(frozen=True)
class Movement:
    """What a month adds to what a contract was billed for revenue; minor units and cents."""

    contract: Contract
    month: int
    amount: int
    base_amount: int


@dataclass(frozen=True)
class Invoice:
    """An invoice or, with a negative amount, a credit memo; minor units and cents."""

    transaction: int
    contract: Contract
    day: date
    amount: int
    base_amount: int


@dataclass
class Books:
    """The account while it is filled.

    Attributes:
        periods: month -> id of its accounting period.
        line_keys: version number -> uniquekey of its sales order line.
        line_positions: version number -> id of that line in its sales order.
        arrangements: order number -> transaction id of its revenue arrangement.
        journals: month -> transaction id of its revenue journal.
        sales_orders: order number -> transaction id of its sales order.
        billed: what was billed for contracts.
        invoices: what customers were billed, to be paid or refunded.
    """

    tables: Tables
    periods: dict[int, int] = field(default_factory=dict)
    line_keys: dict[int, int] = field(default_factory=dict)
    line_positions: dict[int, int] = field(default_factory=dict)
    arrangements: dict[int, int] = field(default_factory=dict)
    journals: dict[int, int] = field(default_factory=dict)
    sales_orders: dict[int, int] = field(default_factory=dict)
    billed: list[Movement] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    _used: Counter[str] = field(default_factory=Counter)

    def next_id(self, record: str) -> int:
        """The next internal id of a record type."""
        self._used[record] += 1
        return _FIRST[record] + self._used[record]
