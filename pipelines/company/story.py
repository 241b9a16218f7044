"""The true story of the company: who bought what, when, and what each system wrote down of it.

The customer's side of a version is its `crm` terms; `erp` terms are what the ERP's order line
says. They are equal unless a break was planted. Amounts are minor units of the deal's currency.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from pipelines.company.catalog import Product
from pipelines.company.market import AS_OF, Market
from pipelines.company.recognition import ByHand, Hold
from pipelines.company.schedule import Meter
from pipelines.company.variable import Change, Rebate

HANDOFF_LAG: Final = timedelta(days=5)


@dataclass(frozen=True)
class Terms:
    """What one system says of a version.

    Attributes:
        quantity: signed change of quantity, never zero.
        unit_price: price of one unit for all days of the version.
        ends: last day of service; None for a one-time delivery on `starts`.
        total: the amount, where it is rounded once and not per unit.
        annual_price: price of one unit for a year, where the term is prorated from it.
    """

    quantity: int
    unit_price: int
    starts: date
    ends: date | None
    total: int | None = None
    annual_price: int | None = None

    @property
    def amount(self) -> int:
        """Quantity times unit price, unless the whole is rounded once."""
        return self.quantity * self.unit_price if self.total is None else self.total


@dataclass(frozen=True)
class Closed:
    """A sales order line the ERP closed before all of it was billed.

    Attributes:
        last_day: last day of service it recognizes.
        quantity: units that were billed.
        amount: minor units that were billed, which is what its element keeps.
    """

    last_day: date
    quantity: int
    amount: int


@dataclass
class Customer:
    """A customer; `number` 1 is the first."""

    number: int
    name: str
    segment: str
    country: str
    currency: str
    industry: str
    parent: "Customer | None"
    owner: int
    since: date
    contracts: "list[Contract]" = field(default_factory=list)


@dataclass
class Version:
    """One order line: what an order adds to a contract line or takes from it.

    Attributes:
        crm: None when nobody booked it in the CRM.
        erp: terms of the ERP's order line, if its order is in the ERP.
        old_quantity: quantity of the line before this version.
        meter: what is used of it by the contract's terms; None unless it is sold by use.
        erp_use_price: what the ERP charges for a unit, if not the contract's price.
        allocated: its share of the price of all that was sold with it; None: its own amount.
        erp_allocated: the same as the ERP works it out.
        erp_fair_value: what the ERP takes for its standalone selling price, in minor units.
        unposted: the last so many due planned rows were never posted.
        late_month: the planned row of this month was posted one month late.
        parts: the ERP's lines, where it has the version on several; their quantities sum to `erp`.
        held_by: the version whose ERP line holds this one too.
        repeats: the version this one says again in one of the systems.
        erp_minimum: the minimum a month the ERP has, if not the contract's.
        rebate: what the CRM expects to give back of its price.
        erp_rebate: what the ERP does.
        credits: credit memos for it that the CRM does not know.
        erp_pattern: how the ERP recognizes it, if not by the product's pattern.
        erp_levels: whether the ERP's share of it is level over a ramp the contract prices in steps.
        hold: when its plan was on hold.
        by_hand: what was recognized of it by journals past its plan.
        erp_product: the product of the ERP's item, if it is not the line's.
        closed: how the ERP closed its order line early, if it did.
    """

    number: int
    line: "Line"
    order: "Order"
    action: str
    crm: Terms | None
    erp: Terms
    old_quantity: int = 0
    meter: Meter | None = None
    erp_use_price: int | None = None
    allocated: int | None = None
    erp_allocated: int | None = None
    erp_fair_value: Fraction | None = None
    unposted: int = 0
    late_month: int | None = None
    parts: tuple[Terms, ...] = ()
    held_by: "Version | None" = None
    repeats: "Version | None" = None
    erp_minimum: int | None = None
    rebate: Rebate | None = None
    erp_rebate: Rebate | None = None
    credits: tuple[Change, ...] = ()
    erp_pattern: str | None = None
    erp_levels: bool = False
    hold: Hold | None = None
    by_hand: tuple[ByHand, ...] = ()
    erp_product: Product | None = None
    closed: Closed | None = None

    @property
    def item(self) -> Product:
        """What the ERP's order line sells."""
        return self.erp_product or self.line.product

    @property
    def cancels(self) -> bool:
        """Whether it ends the line."""
        return self.action == "Cancel"

    @property
    def holds(self) -> "list[Version]":
        """The versions on its ERP line: itself, and those it holds."""
        return [self, *(each for each in self.order.versions if each.held_by is self)]

    @property
    def erp_lines(self) -> tuple[Terms, ...]:
        """What the ERP's order lines say, in their order; none where another version holds it."""
        if self.held_by is not None:
            return ()
        quantity = sum(each.erp.quantity for each in self.holds)
        return self.parts or (replace(self.erp, quantity=quantity),)

    @property
    def erp_meter(self) -> Meter | None:
        """What is used of it at the ERP's price and minimum."""
        meter = self.meter
        if meter is None or (self.erp_use_price is None and self.erp_minimum is None):
            return meter
        price = meter.price if self.erp_use_price is None else self.erp_use_price
        minimum = meter.minimum if self.erp_minimum is None else self.erp_minimum
        return replace(meter, price=price, minimum=minimum)

    @property
    def crm_changes(self) -> tuple[Change, ...]:
        """What moves its price by the CRM's terms."""
        if self.rebate is None or self.crm is None:
            return ()
        return tuple(self.rebate.changes(self.crm.amount, self.order.booked_on))

    @property
    def erp_changes(self) -> tuple[Change, ...]:
        """What moves its price by the ERP's records, in the order of their days."""
        estimates = (
            self.erp_rebate.changes(self.erp.amount, self.order.erp_date) if self.erp_rebate else []
        )
        return tuple(sorted([*estimates, *self.credits], key=lambda change: change.day))

    @property
    def erp_amount(self) -> int:
        """What the ERP recognizes of it in the end, use beyond what was bought left out."""
        if self.closed:
            return self.closed.amount
        return self.erp.amount if self.erp_allocated is None else self.erp_allocated

    @property
    def terms_amount(self) -> int:
        """The same, by the contract's own terms for a ramp."""
        return self.erp.amount if self.erp_levels else self.erp_amount

    def open_part(self, terms: Terms) -> Terms:
        """Terms as they hold after the ERP closed the line: until its last day."""
        return replace(terms, ends=self.closed.last_day) if self.closed else terms


@dataclass
class Line:
    """A contract line: its versions in the order they were booked."""

    contract: "Contract"
    product: Product
    segment: int | None = None
    versions: list[Version] = field(default_factory=list)

    @property
    def quantity(self) -> int:
        """Quantity after all versions."""
        return sum(version.erp.quantity for version in self.versions)

    @property
    def cancelled_on(self) -> date | None:
        """First day without service."""
        return next((each.erp.starts for each in self.versions if each.cancels), None)


@dataclass
class Order:
    """An activated order with its opportunity and quote (same number).

    Attributes:
        kind: New, Renewal or Amendment.
        booked_on: close date of the opportunity.
        erp_date: date of the ERP's sales order, which is when the ERP knows it.
        in_erp: whether the ERP has it.
        line_keys: whether its ERP lines carry the key of their CRM line.
        repeats: the order it says again in one of the systems: the CRM's own, or the ERP's.
        entered_on: the day the ERP has it from, if it was entered after its date.
    """

    number: int
    contract: "Contract"
    kind: str
    effective_on: date
    booked_on: date
    erp_date: date
    in_erp: bool
    line_keys: bool = True
    repeats: "Order | None" = None
    entered_on: date | None = None
    versions: list[Version] = field(default_factory=list)

    @property
    def reduces(self) -> bool:
        """Whether it takes quantity away."""
        return all(version.erp.quantity < 0 for version in self.versions)

    @property
    def handed_on(self) -> date:
        """When the integration should have handed it over at the latest."""
        due = self.booked_on + HANDOFF_LAG
        return min(self.erp_date, due) if self.in_erp else due


@dataclass
class Contract:
    """A contract: its first order and the amendments of it.

    Attributes:
        in_crm: False for an order keyed into the ERP by hand.
        cancelled_on: first day without service.
        billed_to: customer the ERP carries it under, if not the CRM's.
        erp_currency: the currency of its orders in the ERP, if it is not the customer's.
    """

    number: int
    customer: Customer
    starts: date
    ends: date
    months: int
    discount: int
    predecessor: "Contract | None" = None
    successor: "Contract | None" = None
    is_ramp: bool = False
    in_crm: bool = True
    cancelled_on: date | None = None
    billed_to: Customer | None = None
    erp_currency: str | None = None
    orders: list[Order] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def billed_in(self) -> str:
        """Currency of its orders in the ERP."""
        return self.erp_currency or self.customer.currency

    @property
    def erp_customer(self) -> Customer:
        """The customer the ERP carries it under."""
        return self.billed_to or self.customer


@dataclass(frozen=True)
class LostDeal:
    """An opportunity with a quote and no order: lost, or still open."""

    number: int
    customer: Customer
    stage: str
    close_on: date
    lines: tuple[tuple[Product, Terms], ...]


@dataclass(frozen=True)
class Plant:
    """A break put into the story on purpose."""

    reason_code: str
    line: Line
    note: str


@dataclass
class Story:
    """Everything that happened. Numbers of contracts, orders and versions are unique.

    Attributes:
        suggestions: a version and its look-alike that nothing but likeness links.
    """

    market: Market
    customers: list[Customer] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    lost: list[LostDeal] = field(default_factory=list)
    plants: list[Plant] = field(default_factory=list)
    suggestions: list[tuple[Version, Version]] = field(default_factory=list)
    orders: int = 0
    versions: int = 0

    def add_order(
        self, contract: Contract, kind: str, effective_on: date, booked_on: date, lag: int
    ) -> Order:
        """A new order; the ERP has it unless its date is still to come."""
        self.orders += 1
        erp_date = booked_on + timedelta(days=lag)
        order = Order(
            self.orders, contract, kind, effective_on, booked_on, erp_date, erp_date <= AS_OF
        )
        contract.orders.append(order)
        return order

    def add_version(self, line: Line, order: Order, action: str, terms: Terms) -> Version:
        """A new version of a line, the same in both systems."""
        self.versions += 1
        crm = replace(terms) if line.contract.in_crm else None
        version = Version(self.versions, line, order, action, crm, terms, line.quantity)
        line.versions.append(version)
        order.versions.append(version)
        return version
