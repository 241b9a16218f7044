"""Balances of one contract at a date, knowing nothing later."""

from datetime import date
from fractions import Fraction

from oracle.calendar import DAY, calendar_months, whole_months
from oracle.contract import Contract
from oracle.lines import day
from oracle.money_time import present_value

ZERO = Fraction(0)


class Ledger:
    """Money and revenue of a contract, day by day.

    Args:
        contract: the contract; only events it knows count.
    """

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.closed_through = day(contract.row["books_closed_through"])

    def posted_on(self, service_on: date) -> date:
        if self.closed_through is not None and service_on <= self.closed_through:
            return self.closed_through + DAY
        return service_on

    def revenue(self, upto: date) -> Fraction:
        return sum(
            (
                posting.amount
                for posting in self.contract.postings
                if self.posted_on(posting.service_on) <= upto
            ),
            ZERO,
        )

    def sums(self, upto: date) -> dict[str, Fraction]:
        found = dict.fromkeys(
            ("due", "cash", "refund", "credit_opening", "credit_granted", "credit_applied"), ZERO
        )
        by_due_date = self.contract.policy["receivable_on"] == "due_date"
        for event in self.contract.known:
            if event["day"] > upto:
                continue
            if event["type"] == "invoice":
                effective = (
                    day(event["due_on"]) if by_due_date and event["due_on"] else event["day"]
                )
                if effective <= upto:
                    found["due"] += Fraction(event["amount"])
            elif event["type"] == "credit_note":
                found["due"] -= Fraction(event["amount"])
            elif event["type"] in found:
                found[event["type"]] += Fraction(event["amount"])
        return found

    def settled(self, upto: date) -> Fraction:
        sums = self.sums(upto)
        return sums["cash"] - sums["refund"] - sums["credit_granted"] + sums["credit_applied"]

    def unconditional(self, upto: date) -> Fraction:
        """U of the rules: what is due or settled."""
        due, settled = self.sums(upto)["due"], self.settled(upto)
        if self.contract.row["cancellable"]:
            return max(settled, min(due, self.revenue(upto)))
        return max(due, settled)

    def receivable(self, upto: date) -> Fraction:
        return self.unconditional(upto) - self.settled(upto)


def balances(contract: Contract, on: date, periods: list[dict]) -> list[dict]:
    """Every measure at a date; the contract knows nothing later."""
    ledger, rows = Ledger(contract), []
    money = contract.money

    def add(
        measure: str, amount: Fraction, period: str | None = None, basis: str = "contract"
    ) -> None:
        rows.append({"measure": measure, "period_id": period, "basis": basis, "amount": amount})

    refund = refund_liability(contract, on)
    interest = interest_to_date(contract, on)
    net = ledger.unconditional(on) - ledger.revenue(on) - refund
    net += -interest if contract.policy["financing"] == "present_value" else interest
    sums = ledger.sums(on)
    liability = max(net, ZERO)
    add("contract_liability", liability)
    add("contract_asset", max(-net, ZERO))
    add("receivable", ledger.receivable(on))
    add("refund_liability", refund)
    add(
        "customer_credit",
        sums["credit_opening"] + sums["credit_granted"] - sums["credit_applied"],
    )
    add("interest_to_date", interest)
    for kind, measure in (("obtain", "cost_to_obtain_asset"), ("fulfil", "cost_to_fulfil_asset")):
        add(measure, money.round(cost_asset(contract, kind, on)))
    left = remaining(contract, ledger, on)
    add("rpo", left)
    planned = [
        (ledger.posted_on(posting.service_on), posting.amount)
        for posting in contract.postings
        if posting.timed and ledger.posted_on(posting.service_on) > on
    ]
    for period in periods:
        start, end = day(period["starts_on"]), day(period["ends_on"])
        through = sum((amount for posted_on, amount in planned if posted_on <= end), ZERO)
        before = sum((amount for posted_on, amount in planned if posted_on < start), ZERO)
        name = period["period_id"]
        add("contract_liability", min(liability, through) - min(liability, before), name)
        add(
            "rpo",
            sum((amount for posted_on, amount in planned if start <= posted_on <= end), ZERO),
            name,
        )
    if contract.policy["fx"] != "none":
        for measure, amount in foreign(contract, ledger, on):
            add(measure, money.round(amount), None, "functional")
    return rows


def refund_liability(contract: Contract, on: date) -> Fraction:
    total = ZERO
    refunds = {
        (event["line_id"], event["component_id"]): Fraction(event["amount"])
        for event in contract.known
        if event["type"] == "refund_estimate" and event["day"] <= on
    }
    for (line_id, _), amount in refunds.items():
        total += amount * contract.lines[line_id].whole_share(on + DAY)
    for line in contract.lines.values():
        if line.row["tier_mode"] == "volume" and contract.policy["tiered_usage"] == "estimated":
            bands = sorted(line.bands, key=lambda row: row["band_no"])
            total += max(ZERO, line.done * Fraction(bands[0]["unit_price"]) - line.posted)
    return contract.money.round(total)


def remaining(contract: Contract, ledger: Ledger, on: date) -> Fraction:
    earned: dict[str | None, Fraction] = {}
    for posting in contract.postings:
        if ledger.posted_on(posting.service_on) <= on and posting.kind not in {
            "overage",
            "interest",
        }:
            earned[posting.line_id] = earned.get(posting.line_id, ZERO) + posting.amount
    return sum(
        (
            line.allocated() - earned.get(line.line_id, ZERO)
            for line in contract.lines.values()
            if line.pattern != "usage" or line.committed
        ),
        ZERO,
    )


def interest_to_date(contract: Contract, on: date) -> Fraction:
    how = contract.policy["financing"]
    if how == "present_value":
        now = present_value(contract.row, contract.events, on)
        then = present_value(contract.row, contract.events, contract.signed_on)
        return contract.money.round(now - then)
    if how == "accrete_advance":
        return contract.interest(on)
    return sum((interest for paid_on, interest in contract.annuity if paid_on <= on), ZERO)


def cost_asset(contract: Contract, kind: str, on: date) -> Fraction:
    total = ZERO
    for cost in contract.case["costs"]:
        if cost["contract_id"] != contract.row["contract_id"] or cost["cost_type"] != kind:
            continue
        if day(cost["on"]) > on:
            continue
        amount = Fraction(cost["amount"])
        start, end = day(cost["amortise_from"]), day(cost["amortise_to"])
        if start is not None and end is not None:
            months = calendar_months(start, end)
            elapsed = min(Fraction(whole_months(start, on + DAY)), months)
            amount *= 1 - elapsed / months
        total += amount
    return total


# --- foreign currency -----------------------------------------------------------------------------


def rate(contract: Contract, on: date) -> Fraction:
    """The latest rate dated on or before a day."""
    pair = contract.row["currency"], contract.row["functional_currency"]
    if pair[0] == pair[1]:
        return Fraction(1)
    rows = [
        (row["on"], row["rate"])
        for row in contract.case["fx_rates"]
        if (row["from_currency"], row["to_currency"]) == pair and row["on"] <= on.isoformat()
    ]
    return Fraction(max(rows)[1]) if rows else ZERO


def money_days(contract: Contract, ledger: Ledger) -> list[date]:
    days = {event["day"] for event in contract.known}
    days |= {day(event["due_on"]) for event in contract.known if event["due_on"]}
    days |= {ledger.posted_on(posting.service_on) for posting in contract.postings}
    return sorted(days)


def layers(contract: Contract, upto: date) -> tuple[list[tuple], Fraction]:
    """Functional revenue by posting, and the functional contract liability (historical rates)."""
    ledger = Ledger(contract)
    stack: list[list[Fraction]] = []
    asset = before = ZERO
    rows = []
    for on in money_days(contract, ledger):
        if on > upto:
            break
        today = rate(contract, on)
        now = ledger.unconditional(on)
        change, before = now - before, now
        if change > 0:
            settled = min(asset, change)
            asset -= settled
            if change > settled:
                stack.append([change - settled, today])
        elif change < 0:
            asset -= _take(stack, change, newest=True)
        for posting in contract.postings:
            if ledger.posted_on(posting.service_on) != on:
                continue
            amount, worth = posting.amount, ZERO
            if amount < 0:
                paid = min(asset, -amount)
                asset -= paid
                if -amount > paid:
                    stack.append([-amount - paid, today])
                worth = amount * today
            else:
                while amount and stack:
                    used = min(amount, stack[0][0])
                    worth += used * stack[0][1]
                    stack[0][0] -= used
                    amount -= used
                    if not stack[0][0]:
                        stack.pop(0)
                worth += amount * today
                asset += amount
            rows.append((posting, contract.money.round(worth)))
    return rows, sum((amount * at for amount, at in stack), ZERO)


def _take(stack: list[list[Fraction]], change: Fraction, *, newest: bool) -> Fraction:
    """Take a decrease from the newest layers; returns what they do not hold (negative)."""
    while change and stack:
        used = min(-change, stack[-1 if newest else 0][0])
        stack[-1][0] -= used
        change += used
        if not stack[-1][0]:
            stack.pop()
    return change


def foreign(contract: Contract, ledger: Ledger, on: date) -> list[tuple[str, Fraction]]:
    found = []
    if contract.policy["fx"] == "historical":
        found.append(("contract_liability", layers(contract, on)[1]))
    worth = ledger.receivable(on) * rate(contract, on)
    found.append(("receivable", worth))
    moved, before = ZERO, ZERO
    for each in money_days(contract, ledger):
        if each <= on:
            now = ledger.receivable(each)
            moved += (now - before) * rate(contract, each)
            before = now
    found.append(("fx_gain_loss", worth - moved))
    return found
