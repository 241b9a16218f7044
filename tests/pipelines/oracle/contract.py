"""The events of one contract, replayed in order up to a day."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from oracle.allocation import (
    allocation_weights,
    cut_to_enforceable_term,
    royalties_are_targeted,
    selling_prices,
    spread_ramps,
)
from oracle.amounts import Money
from oracle.calendar import DAY, month_end, months_touched, whole_months
from oracle.lines import QUANTITATIVE, Line, Posting, day, number
from oracle.modification import Modifications
from oracle.money_time import power, present_value

AMENDMENTS = {
    "amendment_add",
    "amendment_change",
    "amendment_reprice",
    "amendment_remove",
    "termination",
}


@dataclass
class Snapshot:
    """What stood right after a modification (or at inception)."""

    allocation: dict[str, Fraction]
    tcv: Fraction
    arr: Fraction
    stated: list
    treatment: str | None = None
    catch_up: Fraction = Fraction(0)
    delta: Fraction = Fraction(0)
    signed: dict[str, Fraction] = field(default_factory=dict)


class Contract(Modifications):
    """A contract after every event dated on or before a day.

    Args:
        case: the case.
        row: the contract's row.
        upto: last day known, None for all.
    """

    def __init__(self, case: dict, row: dict, upto: date | None = None) -> None:
        self.case, self.row, self.policy = case, row, case["policy"]
        self.money = Money(self.policy["currency_decimals"], self.policy["allocation_residual"])
        self.signed_on = day(row["signed_on"])
        self.events = sorted(
            (
                {**event, "day": day(event["on"])}
                for event in case["events"]
                if event["contract_id"] == row["contract_id"]
            ),
            key=lambda event: event["event_no"],
        )
        for event in self.events:
            event["at_inception"] = event["day"] <= self.signed_on
        self.known = [event for event in self.events if upto is None or event["day"] <= upto]
        self.lines: dict[str, Line] = {}
        self.shares: dict[str, Fraction] = {}
        self.postings: list[Posting] = []
        self.estimates: dict[tuple[str | None, str | None], Fraction] = {}
        self.first_estimated: dict[str | None, int] = {}
        self.interest_posted = Fraction(0)
        self.modifications = 0
        self.modification_weights: dict[str, Fraction] = {}
        self.satisfied_at: dict[str, Fraction] = {}
        self.usage_charges: list[tuple[str, date, Fraction]] = []
        self.snapshots: dict[str | None, Snapshot] = {}
        self.effect = Fraction(0)
        self.targeted: bool | None = None
        self.true_ups: list[tuple[date, Fraction]] = []
        self.annuity: list[tuple[date, Fraction]] = []
        self._begin()
        self._replay()
        self._finish()

    # --- inception ------------------------------------------------------------------------------

    def _begin(self) -> None:
        rows = [
            line
            for line in sorted(self.case["lines"], key=lambda line: line["line_no"])
            if line["contract_id"] == self.row["contract_id"]
        ]
        self.rows = {line["line_id"]: line for line in rows}
        self.prices: dict[str, Fraction] = {
            line["line_id"]: Line(self.policy, self.money, line).price for line in rows
        }
        original = self.join([line for line in rows if line["modification_id"] is None])
        for event in self.known:
            if event["at_inception"] and event["type"] in {"price_estimate", "refund_estimate"}:
                self.estimates[event["line_id"], event["component_id"]] = self.included(event)
                self.first_estimated.setdefault(event["component_id"], 0)
        if self.row["transaction_price"] is not None:
            self.fixed = Fraction(self.row["transaction_price"])
        else:
            self.fixed = sum((line.price for line in original), Fraction(0))
        if self.policy["financing"] == "present_value":
            self.fixed = self.money.round(present_value(self.row, self.events, self.signed_on))
        self.allocate(original, self.fixed)
        self.transaction_price = self.fixed + sum(self.estimates.values())
        if self.policy["financing"] == "annuity":
            for line in original:
                if line.pattern == "ratable":
                    rows_of = line.annual_prepaid(Fraction(self.row["financing_rate"]))
                    line.yearly = [(on, revenue) for on, revenue, _ in rows_of]
                    self.annuity = [(on, interest) for on, _, interest in rows_of]
        self.tcv = self.fixed
        self.snapshots[None] = self.snapshot(self.signed_on)

    def join(self, rows: list[dict]) -> list[Line]:
        """Lines that enter the contract together, with their SSPs."""
        joining = []
        for row in rows:
            line = Line(self.policy, self.money, row)
            line.bands = [
                band for band in self.case["rate_bands"] if band["line_id"] == row["line_id"]
            ]
            self.shares[line.line_id] = cut_to_enforceable_term(self.row, self.policy, line)
            line.opened_on = line.start
            line.state_value()
            self.lines[line.line_id] = line
            joining.append(line)
        known = sorted(self.lines.values(), key=lambda line: line.row["line_no"])
        fresh = {line.line_id for line in joining}
        selling_prices([line for line in known if line.line_id in fresh], self.shares)
        for line in joining:
            if line.row["ssp_method"] == "percent_of_group":
                line.weight = line.listed = number(line.row["ssp_percent"]) * sum(
                    other.weight
                    for other in known
                    if other is not line
                    and other.row["ssp_group"] == line.row["ssp_group"]
                    and other.row["ssp_method"] != "percent_of_group"
                )
        self.lines = {line.line_id: line for line in known}
        return joining

    def allocate(self, lines: list[Line], fixed: Fraction) -> None:
        """Allocate fixed and pooled amounts to lines, then each line its own estimates."""
        pool = [line for line in lines if line.in_pool() and not line.absent]
        pooled = sum(
            (amount for (line_id, _), amount in self.estimates.items() if line_id is None),
            Fraction(0),
        )
        price = fixed + pooled
        if self.targeted is None:
            self.targeted = royalties_are_targeted(self.policy, pool, self.events)
        if self.targeted:
            weights = [line.price for line in pool]
        elif len(pool) == 1:
            weights = [Fraction(1)]
        else:
            bundles = [
                row for row in self.case["bundles"] if row["contract_id"] == self.row["contract_id"]
            ]
            weights = allocation_weights(self.policy, pool, bundles, price)
        amounts = self.money.split(price, weights)
        amounts, weights = spread_ramps(self.policy, self.money, pool, amounts, weights)
        self.original_weights = {
            line.line_id: weight for line, weight in zip(pool, weights, strict=True)
        }
        for line, amount in zip(pool, amounts, strict=True):
            line.amount = amount
        for (line_id, _), amount in self.estimates.items():
            if line_id is not None:
                self.to_line(line_id, amount)

    def to_line(self, line_id: str, amount: Fraction) -> None:
        line = self.lines[line_id]
        if line.pattern == "usage":
            line.own += amount
        else:
            line.amount += amount

    def included(self, event: dict) -> Fraction:
        amount = Fraction(event["amount"])
        if event["type"] == "refund_estimate":
            return -amount
        limit = number(event["constrained_to"])
        return amount if limit is None else min(amount, limit)

    # --- replay ---------------------------------------------------------------------------------

    def _replay(self) -> None:
        done: set[str] = set()
        for event in self.known:
            name = event["modification_id"]
            if name is None:
                self.apply([event], None)
            elif name not in done:
                done.add(name)
                self.apply([row for row in self.known if row["modification_id"] == name], name)

    def apply(self, rows: list[dict], name: str | None) -> None:
        """One event, or the rows of one modification: amendments first."""
        on = rows[0]["day"]
        self.effect = Fraction(0)
        before = self.tcv
        signed: dict[str, Fraction] = {}
        amending = [row for row in rows if row["type"] in AMENDMENTS]
        treatment = "price_change"
        others = [row for row in rows if row["type"] not in AMENDMENTS]
        if amending:
            fees = [row for row in others if row["type"] == "termination_fee"]
            others = [row for row in others if row["type"] != "termination_fee"]
            treatment, signed = self.modify(on, amending, fees)
        for row in others:
            if (
                row["type"] == "option_exercise"
                and self.policy["option_exercise"] == "modification"
            ):
                treatment = "prospective"
            self.single(row)
        if name is not None:
            self.snapshots[name] = self.snapshot(on)
            self.snapshots[name].treatment = treatment
            self.snapshots[name].catch_up = self.effect
            self.snapshots[name].delta = self.tcv - before
            self.snapshots[name].signed = signed

    def single(self, event: dict) -> None:
        """One row that is no amendment."""
        handler = getattr(self, f"on_{event['type']}", None)
        if handler is not None:
            handler(event, event["day"])

    def snapshot(self, on: date) -> Snapshot:
        return Snapshot(
            {line.line_id: line.allocated() + line.own for line in self.lines.values()},
            self.tcv,
            sum((line.annualized(on) for line in self.lines.values()), Fraction(0)),
            [(line.line_id, list(line.stretches)) for line in self.lines.values()],
        )

    # --- posting --------------------------------------------------------------------------------

    def post(self, line_id: str | None, on: date, amount: Fraction, kind: str, **more: Any) -> None:
        if amount:
            self.postings.append(Posting(line_id, on, amount, kind, **more))

    def immediate(self, line: Line, on: date, amount: Fraction, kind: str) -> None:
        """Revenue of one day that touches no schedule."""
        line.closed += amount
        self.effect += amount
        self.post(line.line_id, on, amount, kind)

    def settle(self, line: Line, on: date) -> None:
        """Post the months of a time-based line that were due before a day."""
        for posted_on, amount in line.months()[line.months_posted :]:
            if posted_on >= on:
                break
            line.months_posted += 1
            line.posted += amount
            self.post(line.line_id, posted_on, amount, line.pattern, timed=True)

    def recompute(self, line: Line, on: date, kind: str) -> None:
        """Bring revenue to date to what the line's amount and measure say now."""
        if line.timed and not line.over:
            months = line.months()
            due = [amount for posted_on, amount in months if posted_on < on]
            target = sum(due, Fraction(0))
            line.months_posted = len(due)
        else:
            target = line.target()
        difference = target - line.posted
        line.posted = target
        self.effect += difference
        self.post(line.line_id, on, difference, kind)

    def change(self, line: Line, on: date, amount: Fraction, kind: str) -> None:
        """Change a line's open amount and catch revenue up."""
        if line.timed:
            self.settle(line, on)
        if line.pattern == "usage" and not line.committed:
            line.own += amount
            self.charge(line, on, kind)
            return
        line.amount += amount
        self.recompute(line, on, kind)

    # --- performance ----------------------------------------------------------------------------

    def on_delivery(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        if line.pattern != "point_in_time":
            return
        units = number(event["quantity"])
        line.done += line.total() - line.done if units is None else units
        self.recompute(line, on, "delivery")
        if self.policy["financing"] == "accrete_advance":
            interest = self.interest(on)
            self.post(line.line_id, on, interest - self.interest_posted, "interest")
            self.interest_posted = interest

    def on_progress(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        if line.pattern == "progress":
            line.done += Fraction(event["quantity"])
            self.recompute(line, on, "progress")

    def on_uninstalled_material(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        line.material += Fraction(event["amount"])
        self.recompute(line, on, "material")

    def on_redemption(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        if line.pattern == "drawdown":
            line.done += Fraction(event["quantity"])
            self.recompute(line, on, "redemption")

    def on_expected_total(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        line.expected = Fraction(event["quantity"])
        if line.pattern == "usage":
            self.charge(line, on, "estimate")
        elif line.pattern in QUANTITATIVE:
            self.recompute(line, on, "estimate")

    def on_expiry(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        if line.pattern == "option" or (
            line.pattern == "drawdown" and self.policy["breakage"] != "none"
        ):
            line.expired = True
            self.recompute(line, on, "expiry")

    def on_usage(self, event: dict, on: date) -> None:
        line = self.lines[event["line_id"]]
        if line.pattern != "usage":
            return
        units = number(event["quantity"]) or Fraction(0)
        before = self.overage(line)
        line.done += units
        if line.committed:
            over = self.overage(line) - before
            self.usage_charges.append((line.line_id, on, over))
            self.post(line.line_id, on, over, "overage")
            if not line.timed:
                self.recompute(line, on, "usage")
            return
        rated = line.rate(on, units, number(event["amount"]))
        line.charges.append((on, rated))
        self.usage_charges.append((line.line_id, on, rated))
        self.charge(line, on, "usage")

    def overage(self, line: Line) -> Fraction:
        if not line.committed:
            return Fraction(0)
        price = number(line.row["unit_price"]) or Fraction(0)
        return self.money.round(max(Fraction(0), line.done - line.quantity) * price)

    def charge(self, line: Line, on: date, kind: str) -> None:
        """Bring revenue of a usage line to its charges and its own variable amount."""
        if line.committed:
            return
        estimated = self.policy["tiered_usage"] == "estimated" and line.row["tier_mode"] != "none"
        if estimated and line.expected:
            earned = line.done * line.tier_charge(line.expected) / line.expected
        else:
            earned = sum((amount for _, amount in line.charges), Fraction(0))
        earned += line.own * line.whole_share(on)
        target = self.money.round(earned)
        difference = target - line.posted
        line.posted = target
        self.effect += difference
        self.post(line.line_id, on, difference, kind)

    # --- price ----------------------------------------------------------------------------------

    def on_royalty(self, event: dict, on: date) -> None:
        amount = Fraction(event["amount"])
        line = self.lines[event["line_id"]]
        if line.pattern == "usage" and not line.committed:
            self.immediate(line, on, amount, "royalty")
        elif self.targeted:
            line.extra += amount
            self.change(line, on, amount, "royalty")
        else:
            self.spread(self.original_weights, amount, on, "royalty", lasting=True)

    def spread(
        self,
        weights: dict[str, Fraction],
        amount: Fraction,
        on: date,
        kind: str,
        *,
        lasting: bool = False,
    ) -> None:
        """Split a change of price over lines; a lasting one stands beside any allocation."""
        lines = self.pool_of(weights)
        parts = self.money.split(amount, [weights[line.line_id] for line in lines])
        for line, part in zip(lines, parts, strict=True):
            line.extra += part if lasting else 0
            self.change(line, on, part, kind)

    def on_price_estimate(self, event: dict, on: date) -> None:
        if event["at_inception"]:
            return
        key = event["line_id"], event["component_id"]
        amount = self.included(event)
        delta = amount - self.estimates.get(key, Fraction(0))
        self.estimates[key] = amount
        promised = self.first_estimated.setdefault(event["component_id"], self.modifications)
        if event["line_id"] is not None:
            self.change(self.lines[event["line_id"]], on, delta, "estimate")
        elif not self.modifications:
            self.spread(self.original_weights, delta, on, "estimate")
        elif promised >= self.modifications:
            self.spread(self.modification_weights or self.original_weights, delta, on, "estimate")
        else:
            self.spread_promised_before(delta, on)

    on_refund_estimate = on_price_estimate

    def pool_of(self, weights: dict[str, Fraction]) -> list[Line]:
        return [line for line in self.lines.values() if line.line_id in weights]

    def spread_promised_before(self, delta: Fraction, on: date) -> None:
        """A component older than the modification: the satisfied part now, the rest anew."""
        lines = self.pool_of(self.original_weights)
        parts = self.money.split(delta, [self.original_weights[line.line_id] for line in lines])
        rest = Fraction(0)
        for line, part in zip(lines, parts, strict=True):
            now = self.money.round(part * self.satisfied_at.get(line.line_id, Fraction(0)))
            self.immediate(line, on, now, "estimate")
            rest += part - now
        self.spread(self.modification_weights or self.original_weights, rest, on, "estimate")

    def on_price_concession(self, event: dict, on: date) -> None:
        amount = Fraction(event["amount"])
        self.tcv += amount
        line = self.lines[event["line_id"]]
        line.flat += amount
        self.immediate(line, on, amount, "concession")

    def on_termination_fee(self, event: dict, on: date) -> None:
        amount = Fraction(event["amount"])
        self.tcv += amount
        line = self.lines[event["line_id"]]
        line.extra += amount
        self.change(line, on, amount, "fee")

    def on_credit_note(self, event: dict, on: date) -> None:
        amount = Fraction(event["amount"])
        self.tcv -= amount
        if event["line_id"] is None:
            lines = self.pool_of(self.original_weights)
            parts = self.money.split(
                amount, [self.original_weights[line.line_id] for line in lines]
            )
        else:
            lines, parts = [self.lines[event["line_id"]]], [amount]
        for line, part in zip(lines, parts, strict=True):
            self.credit(line, on, part)

    def credit(self, line: Line, on: date, amount: Fraction) -> None:
        how = self.policy["credit_note"]
        if how == "immediate":
            line.flat -= amount
            self.immediate(line, on, -amount, "credit")
            return
        line.extra -= amount
        if how == "prospective" and line.is_open(on):
            before = self.before(on)[line.line_id]
            line.weight *= 1 - before.share
            line.amount = self.close(line, on, before) - amount
        else:
            self.change(line, on, -amount, "credit")

    def on_option_exercise(self, event: dict, on: date) -> None:
        option = self.lines[event["line_id"]]
        paid = Fraction(event["amount"])
        before = self.before(on)
        (line,) = self.join([self.rows[event["to_line_id"]]])
        deferred = option.amount - option.posted
        option.closed += option.posted
        option.amount, option.posted = Fraction(0), Fraction(0)
        option.over = option.absent = True
        self.tcv += paid
        self.fixed += paid
        if self.policy["option_exercise"] == "continuation":
            line.amount = deferred + paid
            self.begin(line, on)
        else:
            self.prospective(on, before, {}, [line], deferred + paid, {})

    def begin(self, line: Line, on: date) -> None:
        """A line that joins late: months before the day are posted on it."""
        if line.timed or line.pattern in QUANTITATIVE:
            self.recompute(line, on, "late")

    # --- the end --------------------------------------------------------------------------------

    def interest(self, on: date) -> Fraction:
        """Interest on advances to the end of a day, at most to delivery."""
        rate = Fraction(self.row["financing_rate"])
        delivered = [event["day"] for event in self.events if event["type"] == "delivery"]
        stop = min([on + DAY, *delivered])
        total = Fraction(0)
        for event in self.known:
            if event["type"] == "invoice" and event["day"] <= on:
                months = whole_months(event["day"], stop)
                total += Fraction(event["amount"]) * (power(1 + rate, months) - 1)
        return self.money.round(total)

    def _finish(self) -> None:
        for line in self.lines.values():
            if line.timed and not line.over:
                self.settle(line, date.max)
        for posting in self.postings:
            # The month of a line that stopped is posted on its last day, in whatever pieces.
            if posting.earned_through is not None:
                stop = max(self.lines[posting.line_id].end, posting.earned_through)
                posting.service_on = min(posting.service_on, stop)
        if self.policy["minimum"] == "per_period":
            self._true_up()

    def _true_up(self) -> None:
        usage = [
            line
            for line in self.lines.values()
            if line.pattern == "usage" and line.end and not line.absent
        ]
        minimum = number(self.row["minimum_amount"]) or Fraction(0)
        if not usage:
            return
        first, last = min(line.start for line in usage), max(line.end for line in usage)
        for month in months_touched(first, last):
            used = sum(
                amount for _, on, amount in self.usage_charges if month <= on <= month_end(month)
            )
            short = max(Fraction(0), minimum - used)
            self.true_ups.append((month_end(month), short))
            self.post(None, month_end(month), short, "true_up")
