"""What an amendment does: its derived amounts, its treatment and its effect."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oracle.calendar import DAY, calendar_months, month_end
from oracle.lines import QUANTITATIVE, Line, day, number

ZERO = Fraction(0)


class Change:
    """All rows of one modification that concern one line, together."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.amount = ZERO
        self.quantity = ZERO
        self.ssp: Fraction | None = None
        self.stops = False
        self.counts = False  # a row that only refreshes the SSP changes nothing


@dataclass
class Before:
    """A line under the terms before the modification."""

    earned: Fraction
    share: Fraction
    end: date | None
    is_open: bool
    quantity: Fraction | None
    satisfied: Fraction


class Modifications:
    """The amending half of a contract; the state is the contract's."""

    def before(self, on: date) -> dict[str, Before]:
        """Every line as it stands before a modification; months due before the day are posted."""
        for line in self.lines.values():
            if line.timed:
                self.settle(line, on)
        return {
            line.line_id: Before(
                line.earned_before(on),
                line.share(on),
                line.end,
                line.is_open(on),
                line.quantity if line.pattern in QUANTITATIVE else None,
                line.whole_share(on),
            )
            for line in self.lines.values()
        }

    def modify(
        self, on: date, rows: list[dict], fees: list[dict]
    ) -> tuple[str, dict[str, Fraction]]:
        """Apply the amendment and termination rows of a modification.

        Returns:
            The treatment, and the signed amount by line.
        """
        before = self.before(on)
        changes, loose = self.changes_of(on, rows)
        owed: dict[str, Fraction] = {}
        for row in fees:
            owed[row["line_id"]] = owed.get(row["line_id"], ZERO) + Fraction(row["amount"])
        added = self.join(
            [self.rows[row["line_id"]] for row in rows if row["type"] == "amendment_add"]
        )
        signed = {name: change.amount for name, change in changes.items() if change.counts}
        for name, amount in owed.items():
            signed[name] = signed.get(name, ZERO) + amount
        for line in added:
            signed[line.line_id] = line.price
        self.tcv += sum(signed.values(), ZERO) + loose
        treatment, catching_up = self.treatment(changes, added, before)
        if treatment == "retrospective":
            self.combine(on, changes, owed, sum(signed.values(), ZERO) + loose)
            return treatment, signed
        for name in catching_up:
            self.catch_up(on, changes.pop(name), owed.pop(name, ZERO))
        if treatment in {"prospective", "mixed"}:
            for name in catching_up:
                before[name].is_open = False
            price = sum((line.price for line in added), ZERO)
            self.prospective(on, before, changes, added, price + loose, owed)
            return treatment, signed
        for line in added:
            line.amount = line.price if line.in_pool() else ZERO
            self.begin(line, on)
        for name, change in changes.items():
            if change.counts:
                self.alone(on, change, owed.pop(name, ZERO), before[name])
        for name, amount in owed.items():
            self.change(self.lines[name], on, amount, "fee")
        return treatment, signed

    # --- rows -----------------------------------------------------------------------------------

    def changes_of(self, on: date, rows: list[dict]) -> tuple[dict[str, Change], Fraction]:
        """Changes by line, and the given amount of a termination beyond the derived ones."""
        changes: dict[str, Change] = {}
        loose = ZERO
        for row in rows:
            if row["type"] == "amendment_add":
                continue
            if row["type"] == "termination" and row["line_id"] is None:
                derived = ZERO
                for line in list(self.lines.values()):
                    if line.is_open(on) or (line.pattern == "usage" and line.end is not None):
                        change = changes.setdefault(line.line_id, Change(line))
                        had = change.amount
                        self.row_of(on, {**row, "amount": None}, change)
                        derived += change.amount - had
                if row["amount"] is not None:
                    loose += Fraction(row["amount"]) - derived
                continue
            line = self.lines[row["line_id"]]
            self.row_of(on, row, changes.setdefault(line.line_id, Change(line)))
        return changes, loose

    def row_of(self, on: date, row: dict, change: Change) -> None:
        """Take one row into the change of its line; stated value, end and quantity follow."""
        line = change.line
        delta = number(row["quantity"]) or ZERO
        if row["ssp"] is not None:
            change.ssp = Fraction(row["ssp"])
        if row["type"] in {"amendment_change", "amendment_reprice"}:
            amount = self.terms(on, row, change, delta)
        else:
            change.counts = True
            amount = self.removal(on, row, change)
        change.amount += amount
        change.quantity += delta
        line.price += amount
        if line.quantity is not None:
            line.quantity += delta

    def terms(self, on: date, row: dict, change: Change, delta: Fraction) -> Fraction:
        """New terms of a line from a day, or in a window; returns the signed amount."""
        line = change.line
        amount = number(row["amount"]) or ZERO
        moved = row["type"] == "amendment_change" and row["ends_on"] is not None
        if amount or delta or moved or row["unit_price"] is not None:
            change.counts = True
        if line.pattern != "ratable":
            if line.end is not None and moved:
                line.end = day(row["ends_on"])
            return amount
        old_end = line.end
        start = max(day(row["starts_on"]) or on, line.start)
        if moved:
            line.end = end = day(row["ends_on"])
            change.stops = end < on or end < line.start
        elif row["ends_on"] is not None:
            old_end = end = min(day(row["ends_on"]), line.end)
        else:
            end = line.end
        stated = line.stated(start, old_end)
        if row["unit_price"] is not None:
            units = None if line.quantity is None else line.quantity + delta
            worth = self.money.round(line.charge_for(row, units, start, end))
            amount = self.money.round(worth - stated)
        if amount or moved:
            line.restate(start, old_end, end, stated + amount)
        return amount

    def removal(self, on: date, row: dict, change: Change) -> Fraction:
        """A line, or a window of it, that loses its price; returns the signed amount."""
        line = change.line
        amount = number(row["amount"])
        stops = True
        if row["type"] == "termination":
            last = day(row["ends_on"]) or on - DAY
            start = last + DAY
        else:
            start = day(row["starts_on"]) or on
            last = start - DAY
            stops = row["starts_on"] is None or row["ends_on"] is None
        if line.pattern == "ratable":
            upto = line.end if stops else min(day(row["ends_on"]), line.end)
            if amount is None:
                amount = self.money.round(-line.stated(start, upto))
            line.restate(start, upto, None, None)
            if stops and last < line.end:
                line.end = last
                change.stops = last < line.start or last < on
            return amount
        if line.pattern in QUANTITATIVE:
            if amount is None:
                total = line.total()
                done = min(Fraction(1), line.done / total) if total else ZERO
                amount = self.money.round(-line.price * (1 - done))
            change.stops = stops
        elif line.pattern == "usage" and line.end is not None and stops:
            line.end = min(line.end, last)
        return amount or ZERO

    # --- treatment ------------------------------------------------------------------------------

    def treatment(
        self, changes: dict[str, Change], added: list[Line], before: dict[str, Before]
    ) -> tuple[str, list[str]]:
        """The treatment, and the lines that catch up under it."""
        changed = [name for name, change in changes.items() if change.counts]
        partly = [
            name
            for name in changed
            if not changes[name].line.row["series"] and 0 < before[name].satisfied < 1
        ]
        setting = self.policy["modification"]
        if setting != "auto":
            return setting, changed if setting == "cumulative_catch_up" else []
        if added and not changed:
            listed = all(
                line.row["distinct"]
                and line.row["ssp_method"] == "given"
                and line.row["ssp"] is not None
                for line in added
            )
            if listed and sum(line.price for line in added) == sum(line.weight for line in added):
                return "separate_contract", []
        if changed and len(partly) == len(changed) and not added:
            return "cumulative_catch_up", partly
        if partly and len(partly) < len(changed):
            return "mixed", partly
        return "prospective", []

    def catch_up(self, on: date, change: Change, fee: Fraction) -> None:
        """New amounts, revenue to date recomputed, difference on the day."""
        change.line.amount += change.amount + fee
        if change.stops:
            change.line.over = True
        self.recompute(change.line, on, "catch_up")

    def alone(self, on: date, change: Change, fee: Fraction, before: Before) -> None:
        """A change of one line for its future, without the others."""
        line = change.line
        if not before.is_open:
            self.change(line, on, change.amount + fee, "change")
            return
        line.amount = self.close(line, on, before) + change.amount + fee
        if change.stops or self.nothing_left(line):
            line.over = True
            self.recompute(line, on, "ended")

    # --- prospective ----------------------------------------------------------------------------

    def close(self, line: Line, on: date, before: Before) -> Fraction:
        """Freeze what a line has earned before a day; returns what is left of its amount."""
        line.satisfied += (1 - line.satisfied) * before.share
        difference = before.earned - line.posted
        if difference:
            posted_on, yesterday = on, on - DAY
            if line.timed:
                posted_on = min(month_end(yesterday), max(line.end, yesterday))
                if posted_on < on <= line.end:
                    posted_on = on
            self.post(
                line.line_id,
                posted_on,
                difference,
                "earned",
                timed=line.timed,
                earned_through=yesterday if line.timed else None,
            )
        rest = line.amount - before.earned
        line.closed += before.earned
        line.amount, line.posted, line.months_posted = rest, ZERO, 0
        line.base, line.material = line.done, ZERO
        if line.start is not None:
            line.opened_on = max(on, line.start)
        return rest

    def prospective(  # noqa: PLR0913, PLR0917
        self,
        on: date,
        before: dict[str, Before],
        changes: dict[str, Change],
        added: list[Line],
        extra: Fraction,
        owed: dict[str, Fraction],
    ) -> None:
        """Re-spread what is open.

        Args:
            on: day of the modification.
            before: the lines before it.
            changes: changes by line.
            added: lines that join.
            extra: what the pool gets besides open amounts, changes and fees.
            owed: fees by line.
        """
        joined = {line.line_id for line in added}
        self.satisfied_at = {
            name: self.satisfied_before(self.lines[name], found, on)
            for name, found in before.items()
        }
        own = dict(owed)
        for name, change in changes.items():
            own[name] = own.get(name, ZERO) + change.amount
        weights: dict[str, Fraction] = {}
        for line in self.lines.values():
            name = line.line_id
            if name in joined:
                if line.in_pool() and not line.absent:
                    weights[name] = line.weight
                continue
            if not before[name].is_open:
                continue
            change = changes.get(name)
            weight = self.open_weight(line, change, on, before[name])
            own[name] = own.get(name, ZERO) + self.close(line, on, before[name])
            if (change is not None and change.stops) or self.nothing_left(line):
                line.amount, line.over = ZERO, True
            else:
                weights[name] = weight
        pool = extra + sum(own.values(), ZERO)
        self.modifications += 1
        self.modification_weights = weights
        if not weights:
            for name, amount in own.items():
                self.immediate(self.lines[name], on, amount, "ended")
            if extra:
                name = next(iter([*joined, *own, *self.lines]))
                self.immediate(self.lines[name], on, extra, "ended")
            return
        parts = self.money.split(pool, list(weights.values()))
        for (name, weight), part in zip(weights.items(), parts, strict=True):
            line = self.lines[name]
            line.amount, line.weight = part, weight
            if line.start is not None:
                line.opened_on = max(on, line.start)

    def satisfied_before(self, line: Line, before: Before, on: date) -> Fraction:
        if line.pattern == "usage" and not line.committed:
            return line.whole_share(on)
        return line.satisfied + (1 - line.satisfied) * before.share

    def nothing_left(self, line: Line) -> bool:
        if line.pattern in {"point_in_time", "drawdown"} and line.total() is not None:
            return line.total() <= line.done
        return False

    def open_weight(self, line: Line, change: Change | None, on: date, before: Before) -> Fraction:
        if change is not None and change.ssp is not None:
            return change.ssp
        weight = line.weight * (1 - before.share)
        if line.row["ssp_method"] == "price":
            return weight + (change.amount if change is not None else 0)
        if change is None:
            return weight
        if change.quantity:
            if line.pattern == "ratable":
                old = (line.quantity or ZERO) - change.quantity
                weight *= line.quantity / old if old else 1
            elif before.quantity is not None and before.quantity > line.done:
                left = before.quantity - line.done
                weight *= (left + change.quantity) / left
        if line.pattern == "ratable" and line.end != before.end:
            start = max(on, line.start)
            if line.end >= start:
                weight *= calendar_months(start, line.end) / calendar_months(start, before.end)
        return weight

    # --- retrospective --------------------------------------------------------------------------

    def combine(
        self, on: date, changes: dict[str, Change], owed: dict[str, Fraction], price: Fraction
    ) -> None:
        """Allocate again from inception with all lines; differences are posted on the day."""
        self.fixed += price - sum(owed.values(), ZERO)
        for name, amount in owed.items():
            self.lines[name].extra += amount
        lines = list(self.lines.values())
        for line in lines:
            line.posted += line.closed - line.flat
            line.closed, line.amount, line.own = line.flat, ZERO, ZERO
            line.base = line.satisfied = ZERO
            line.opened_on, line.weight = line.start, line.listed
            if line.line_id in changes and changes[line.line_id].stops:
                line.over = True
        self.allocate(lines, self.fixed)
        for line in lines:
            if line.pattern == "usage" and not line.committed:
                line.own += line.extra
                self.charge(line, on, "combined")
            else:
                line.amount += line.extra
                self.recompute(line, on, "combined")
