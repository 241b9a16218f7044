"""A line of a contract: its price, its value over time, and what it has earned."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from oracle.amounts import Money, schedule
from oracle.calendar import (
    DAY,
    Service,
    add_months,
    calendar_months,
    month_end,
    pricing_periods,
)

QUANTITATIVE = {"point_in_time", "drawdown", "progress"}


def number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@dataclass
class Posting:
    """Revenue of a line (or of the contract), dated."""

    line_id: str | None
    service_on: date
    amount: Fraction
    kind: str
    timed: bool = False
    earned_through: date | None = None


@dataclass
class Stretch:
    """Stated value of days priced together.

    Attributes:
        parts: first day, last day and value of each month.
    """

    start: date
    end: date
    parts: list[tuple[date, date, Fraction]]

    @property
    def value(self) -> Fraction:
        return sum((value for _, _, value in self.parts), Fraction(0))

    def within(self, start: date, end: date) -> "Stretch | None":
        """The stretch cut to a window, or None."""
        start, end = max(start, self.start), min(end, self.end)
        if start > end:
            return None
        parts = []
        for first, last, value in self.parts:
            opens, closes = max(first, start), min(last, end)
            if opens <= closes:
                share = Fraction((closes - opens).days + 1, (last - first).days + 1)
                parts.append((opens, closes, value * share))
        return Stretch(start, end, parts)


@dataclass
class Line:
    """State of one line while the events of its contract are replayed.

    Attributes:
        amount: allocated to the part still open (A).
        closed: recognized before the open part began, and revenue of single days.
        opened_on: first day the open part is measured from.
        done: units delivered, used or measured so far; `base` of them before the open part.
        weight: SSP of the open part; `listed` is the SSP the line came with.
        satisfied: share of the whole line satisfied before the open part began.
        own: variable amount of a usage line, earned with use.
        over: nothing more is served; what is left is earned.
        absent: takes no part in an allocation (beyond the enforceable term, a used option).
        posted: revenue of the open part that is posted for good; `months_posted` of its months.
        extra: changes of price that no allocation knows (credit notes, royalties, fees).
        flat: revenue of single days that touches no schedule.
    """

    policy: dict
    money: Money
    row: dict
    price: Fraction = Fraction(0)
    quantity: Fraction | None = None
    start: date | None = None
    end: date | None = None
    amount: Fraction = Fraction(0)
    closed: Fraction = Fraction(0)
    opened_on: date | None = None
    done: Fraction = Fraction(0)
    base: Fraction = Fraction(0)
    expected: Fraction | None = None
    material: Fraction = Fraction(0)
    weight: Fraction = Fraction(0)
    listed: Fraction = Fraction(0)
    satisfied: Fraction = Fraction(0)
    own: Fraction = Fraction(0)
    posted: Fraction = Fraction(0)
    over: bool = False
    absent: bool = False
    expired: bool = False
    months_posted: int = 0
    extra: Fraction = Fraction(0)
    flat: Fraction = Fraction(0)
    bands: list[dict] = field(default_factory=list)
    uses: list[tuple[date, Fraction]] = field(default_factory=list)
    charges: list[tuple[date, Fraction]] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    yearly: list[tuple[date, Fraction]] | None = None

    def __post_init__(self) -> None:
        row = self.row
        self.start, self.end = day(row["starts_on"]), day(row["ends_on"])
        if self.end is not None and self.policy["end_date"] == "exclusive":
            self.end -= DAY
        self.quantity = number(row["quantity"])
        self.price = self._price()

    # --- what it is -----------------------------------------------------------------------------

    @property
    def line_id(self) -> str:
        return self.row["line_id"]

    @property
    def pattern(self) -> str:
        return self.row["pattern"]

    @property
    def committed(self) -> bool:
        return self.pattern == "usage" and self.price > 0 and self.quantity is not None

    @property
    def timed(self) -> bool:
        """Earned over time: ratable, or a commitment that one stands ready for."""
        return self.pattern == "ratable" or (
            self.committed and self.policy["minimum"] == "stand_ready"
        )

    def in_pool(self) -> bool:
        return (
            self.row["distinct"]
            and self.pattern != "none"
            and (self.pattern != "usage" or self.price > 0)
        )

    def _price(self) -> Fraction:
        row = self.row
        if row["price"] is not None:
            price = Fraction(row["price"])
        elif row["unit_price"] is not None and row["price_period"] is not None:
            price = self.money.round(self.charge_for(row, self.quantity, self.start, self.end))
        else:
            price = Fraction(0)
        if row["likelihood"] is not None and self.pattern != "option":
            price = self.money.round(price * Fraction(row["likelihood"]))
        return price

    def charge_for(self, row: dict, quantity: Fraction | None, start: date, end: date) -> Fraction:
        """Unrounded quantity x unit price x periods of a window; the unit price is in the row."""
        periods = pricing_periods(self.policy, start, end)
        if self.row["price_period"] == "year":
            periods /= 12
        return (1 if quantity is None else quantity) * Fraction(row["unit_price"]) * periods

    # --- stated value ---------------------------------------------------------------------------

    def state_value(self) -> None:
        """The stated value of a recurring line: its price by the proration weights."""
        if self.pattern == "ratable" and not self.over:
            self.stretches = [self.stretch(self.start, self.end, self.price)]

    def stretch(self, start: date, end: date, value: Fraction) -> Stretch:
        service = Service(self.policy, start, end, self.start, self.end)
        return Stretch(
            start, end, [(piece.start, piece.end, value * piece.weight) for piece in service.slices]
        )

    def stated(self, start: date, end: date) -> Fraction:
        cut = (stretch.within(start, end) for stretch in self.stretches)
        return sum((piece.value for piece in cut if piece), Fraction(0))

    def restate(self, start: date, end: date, new_end: date | None, value: Fraction | None) -> None:
        """Replace the value of a window; with `value` None the window loses it."""
        kept = []
        for stretch in self.stretches:
            kept += [stretch.within(date.min, start - DAY), stretch.within(end + DAY, date.max)]
        if value is not None and start <= (new_end or end):
            kept.append(self.stretch(start, new_end or end, value))
        self.stretches = sorted((piece for piece in kept if piece), key=lambda piece: piece.start)

    def annualized(self, on: date) -> Fraction:
        for stretch in self.stretches:
            if stretch.start <= on <= stretch.end:
                return stretch.value * 12 / calendar_months(stretch.start, stretch.end)
        return Fraction(0)

    # --- measure --------------------------------------------------------------------------------

    def total(self) -> Fraction | None:
        """The measure that the whole line amounts to."""
        if self.pattern == "point_in_time":
            return Fraction(1) if self.quantity is None else self.quantity
        if self.pattern == "drawdown" and self.policy["breakage"] != "proportional":
            return self.quantity
        if self.pattern in {"drawdown", "progress"}:
            return self.expected if self.expected is not None else self.quantity_or_none()
        return self.quantity

    def quantity_or_none(self) -> Fraction | None:
        return self.quantity if self.pattern == "drawdown" else None

    def service(self) -> Service:
        return Service(self.policy, max(self.opened_on, self.start), self.end, self.start, self.end)

    def share(self, before: date) -> Fraction:
        """Share of the open part that is earned; time-based lines: before a day."""
        if self.over or self.expired:
            return Fraction(1)
        if self.timed:
            return self.service().before(before)
        if self.committed:
            return min(Fraction(1), self.done / self.quantity) if self.quantity else Fraction(1)
        return self._measured() if self.pattern in QUANTITATIVE else Fraction(0)

    def _measured(self) -> Fraction:
        total = self.total()
        if total is None:
            return Fraction(0)
        if total <= self.base:
            return Fraction(1 if self.done >= total else 0)
        return max(Fraction(0), min(Fraction(1), (self.done - self.base) / (total - self.base)))

    def whole_share(self, before: date) -> Fraction:
        """Share of the whole line that is satisfied."""
        if self.pattern == "usage" and not self.committed:
            total = self.expected or self.quantity
            return min(Fraction(1), self.done / total) if total else Fraction(0)
        return self.satisfied + (1 - self.satisfied) * self.share(before)

    def is_open(self, on: date) -> bool:
        """Whether a prospective modification on a day re-spreads the line."""
        if self.over or self.expired or not self.row["distinct"]:
            return False
        if self.pattern == "ratable":
            return self.end >= on
        return self.pattern in QUANTITATIVE and self.share(on) < 1

    # --- revenue --------------------------------------------------------------------------------

    def months(self) -> list[tuple[date, Fraction]]:
        """Posting date and amount of the open part, month by month."""
        if self.over:
            return []
        if self.yearly is not None:
            return self.yearly
        service = self.service()
        amounts = schedule(
            self.money,
            self.policy["schedule_residual"],
            self.amount,
            [piece.weight for piece in service.slices],
        )
        return [
            (min(month_end(piece.start), piece.end), amount)
            for piece, amount in zip(service.slices, amounts, strict=True)
        ]

    def earned_before(self, on: date) -> Fraction:
        """Revenue of the open part through the day before, rounded."""
        if self.over or self.expired:
            return self.amount
        if not self.timed:
            return self.target()
        service = self.service()
        if on <= service.start:
            return Fraction(0)
        if on > service.end:
            return self.amount
        if self.policy["proration"] == "daily":
            return self.money.round(self.amount * service.before(on))
        earned = Fraction(0)
        for piece, (_, amount) in zip(service.slices, self.months(), strict=True):
            if piece.end < on:
                earned += amount
            elif piece.start < on:
                earned += self.money.round(amount * service.part_before(piece, on))
        return earned

    def target(self) -> Fraction:
        """Revenue to date of the open part of a line that events earn, without charges."""
        if self.over or self.expired:
            return self.amount
        share = self.share(date.min)
        if self.pattern == "progress" and self.material:
            return self.money.round((self.amount - self.material) * share + self.material)
        return self.money.round(self.amount * share)

    def allocated(self) -> Fraction:
        return self.closed + self.amount

    # --- usage ----------------------------------------------------------------------------------

    def tier_charge(self, units: Fraction) -> Fraction:
        """Charge of units in one window, unrounded."""
        charge = Fraction(0)
        for band in sorted(self.bands, key=lambda row: row["band_no"]):
            opens = Fraction(band["from_quantity"])
            closes = number(band["to_quantity"])
            price = Fraction(band["unit_price"])
            if self.row["tier_mode"] == "volume":
                if opens < units and (closes is None or units <= closes):
                    return units * price
            elif units > opens:
                charge += ((units if closes is None else min(units, closes)) - opens) * price
        return charge

    def rate(self, on: date, units: Fraction, amount: Fraction | None) -> Fraction:
        """The charge of one usage event; it is added to the window."""
        month = (on.year, on.month)
        window = sum(
            (
                used
                for used_on, used in self.uses
                if self.policy["tier_reset"] == "term" or (used_on.year, used_on.month) == month
            ),
            Fraction(0),
        )
        self.uses.append((on, units))
        if amount is not None:
            return amount
        if self.row["tier_mode"] != "none":
            return self.money.round(self.tier_charge(window + units)) - self.money.round(
                self.tier_charge(window)
            )
        return self.money.round(units * (number(self.row["unit_price"]) or Fraction(0)))

    def annual_prepaid(self, rate: Fraction) -> list[tuple[date, Fraction, Fraction]]:
        """Year end, revenue and interest of a line prepaid for years (annuity)."""
        years = 1
        while add_months(self.start, 12 * years) <= self.end:
            years += 1
        level = self.money.round(self.amount * rate / (1 - (1 + rate) ** -years))
        opening, rows = self.amount, []
        for year in range(1, years + 1):
            interest = self.money.round(opening * rate)
            revenue = opening + interest if year == years else level
            rows.append((add_months(self.start, 12 * year) - DAY, revenue, interest))
            opening += interest - revenue
        return rows
