"""The truth of the ARR bridge: what is between Sales ARR and Finance ARR, by customer and month.

Written apart from the models, day by day: at each month's end every step counts the versions that
meet its rule, and a reason is the difference of two steps.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from pipelines.company.answer_key import ArrBridgeRow
from pipelines.company.arr_bridge_lines import (
    CrmLine,
    ErpLine,
    crm_lines,
    erp_effective,
    erp_lines,
    sales_annual,
)
from pipelines.company.ids import salesforce_id
from pipelines.company.market import (
    FIRST_MONTH,
    LAST_MONTH,
    month_end,
    period_name,
    usd_at_crm_rate,
    usd_at_erp_rate,
)
from pipelines.company.plans import erp_rate
from pipelines.company.recurring import DAY, GRACE, annualized
from pipelines.company.story import Customer, Story, Terms, Version

REASONS: Final = (
    "signed_not_started", "ramp_steps_not_effective", "one_time_tagged_recurring",
    "annualization_convention", "past_end_without_renewal", "evergreen_not_in_crm",
    "cancellation_known_to_one_side", "duplicate", "account_hierarchy", "fx", "missing_in_erp",
    "missing_in_crm", "service_dates_differ", "amount_differs",
)  # fmt: skip
HIERARCHY: Final = REASONS.index("account_hierarchy")
FX: Final = REASONS.index("fx")
Totals = defaultdict[tuple[int, str], int]
Counts = Callable[[Version, Terms], bool]


def arr_bridge(story: Story) -> Iterator[ArrBridgeRow]:
    """All steps that have an amount."""
    bridge = _Bridge(story)
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        for (customer, reason), amount in sorted(bridge.totals(month_end(month)).items()):
            if amount:
                record = salesforce_id("001", customer)
                yield ArrBridgeRow(record, period_name(month), reason, amount)


class _Bridge:
    """The lines of both systems and how to value them."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._crm = crm_lines(story)
        erp = erp_lines(story)
        self._erp = {id(each.line): each for each in erp}
        self._alone = [each for each in erp if each.line.versions[0].crm is None]
        self._reasons = {id(each): self._reason(each) for each in self._alone}
        booked: dict[str, date] = {}
        ordered: dict[str, date] = {}
        for order in (order for contract in story.contracts for order in contract.orders):
            if order.contract.in_crm:
                currency = order.contract.customer.currency
                booked[currency] = max(booked.get(currency, date.min), order.booked_on)
            if order.in_erp:
                currency = order.contract.billed_in
                ordered[currency] = max(ordered.get(currency, date.min), order.erp_date)
        self._rates = {each: story.market.crm_rate(each, day) for each, day in booked.items()}
        self._erp_rates = {each: story.market.erp_rate(each, day) for each, day in ordered.items()}

    def totals(self, day: date) -> Totals:
        """Customer number, reason or end point -> cents."""
        result: Totals = defaultdict(int)
        for line in self._crm:
            contract, known = line.line.contract, id(line.line) in self._erp
            steps, finance = self._steps(line, day)
            # What the ERP does not have is under nobody else.
            erp_customer = contract.erp_customer if known else contract.customer
            _add(result, contract.customer, erp_customer, steps, finance)
        for each in self._alone:
            customer = each.line.contract.erp_customer
            at_order, finance = self._finance(each, day)
            entry = REASONS.index(self._reasons[id(each)])
            steps = [0] * (entry + 1)
            steps += [at_order] * (FX - entry) if entry < FX else []
            steps += [finance] * (len(REASONS) + 1 - len(steps))
            _add(result, customer, customer, steps, finance)
        return result

    def _reason(self, alone: ErpLine) -> str:
        """Why the CRM does not have a line."""
        if alone.line.versions[0].repeats is not None:
            return "duplicate"
        contract, product = alone.line.contract, alone.line.product
        run_out = [each.ends for each in self._crm
                   if each.runs_out and each.line.product is product and product.committed
                   and each.line.contract.customer is contract.erp_customer]  # fmt: skip
        earlier = [each.ends for each in self._alone
                   if each.line.product is product
                   and each.line.contract.erp_customer is contract.erp_customer]  # fmt: skip
        continues = any(
            ends < alone.effective <= ends + GRACE + DAY for ends in [*run_out, *earlier]
        )
        return "evergreen_not_in_crm" if continues else "missing_in_crm"

    def _continued(self, line: CrmLine) -> date:
        """The day before the ERP alone goes on with a line."""
        days = [
            each.effective - DAY
            for each in self._alone
            if line.runs_out
            and self._reasons[id(each)] == "evergreen_not_in_crm"
            and each.line.product is line.line.product
            and each.line.contract.erp_customer is line.line.contract.customer
            and line.ends < each.effective <= line.ends + GRACE + DAY
        ]
        return min(days, default=date.max)

    def _constant(self, minor: int, currency: str) -> int:
        """At the CRM's latest rate; at the ERP's in a currency that the CRM never booked in."""
        if currency in self._rates:
            return usd_at_crm_rate(minor, currency, self._rates[currency])
        return usd_at_erp_rate(minor, currency, self._erp_rates[currency])

    def _finance(self, line: ErpLine, day: date) -> tuple[int, int]:
        """Finance ARR of a line at the rates of its orders and at the constant rate."""
        currency = line.line.contract.billed_in
        at = min(day, line.ends)
        running = [v for v in line.versions
                   if erp_effective(v) <= day and v.erp.starts <= at <= (v.erp.ends or at)
                   ]  # fmt: skip
        if day > line.last or not sum(version.erp.quantity for version in running):
            return 0, 0
        amounts = [(v, annualized(v.erp)) for v in running]
        return (
            sum(usd_at_erp_rate(m, currency, erp_rate(self._story, v)) for v, m in amounts),
            self._constant(sum(minor for _, minor in amounts), currency),
        )

    def _steps(self, line: CrmLine, day: date) -> tuple[list[int], int]:
        """Cents after each step, from Sales ARR on, and Finance ARR."""
        currency = line.line.contract.customer.currency
        erp = self._erp.get(id(line.line))
        at = min(day, line.ends)
        versions = [(version, version.crm) for version in line.line.versions if version.crm]
        committed = line.line.product.committed

        def booked(minor: int, version: Version) -> int:
            rate = self._story.market.crm_rate(currency, version.order.booked_on)
            return usd_at_crm_rate(minor, currency, rate)

        def sales(counts: Counts) -> int:
            return sum(booked(sales_annual(t), v) for v, t in versions if counts(v, t))

        def chosen(counts: Counts) -> list[tuple[Version, Terms]]:
            found = [(v, t) for v, t in versions if committed and t.ends and counts(v, t)]
            return found if sum(terms.quantity for _, terms in found) else []

        def at_booking(counts: Counts) -> int:
            return sum(booked(annualized(t), v) for v, t in chosen(counts))

        def constant(counts: Counts) -> int:
            return self._constant(sum(annualized(t) for _, t in chosen(counts)), currency)

        def in_erp(version: Version) -> bool:
            return version.order.in_erp and version.order.erp_date <= day

        def effective(version: Version, terms: Terms) -> bool:
            return max(version.order.booked_on, terms.starts) <= day

        def counted(version: Version, terms: Terms) -> bool:
            from_start = line.is_ramp and terms.starts == _starts(version)
            return version.order.booked_on <= day if from_start else effective(version, terms)

        def running(_: Version, terms: Terms) -> bool:
            return terms.starts <= at <= (terms.ends or at)

        def live(version: Version, terms: Terms) -> bool:
            return effective(version, terms) and running(version, terms)

        def unknown_reduction(version: Version, terms: Terms) -> bool:
            reduces = version.cancels or (terms.amount < 0 and version is not line.line.versions[0])
            return reduces and erp is not None and erp.known <= day and not in_erp(version)

        unsigned = line.renewed_signed is None or day < line.renewed_signed
        kept = line.replaced is None or day < line.replaced
        going_on = day <= self._continued(line)
        open_end = day <= max(line.last, line.ends) and going_on
        graced = erp is not None and day <= min(line.ends + GRACE, erp.last)

        def by_step(version: Version, terms: Terms) -> bool:
            return kept and effective(version, terms) and (
                not line.is_ramp or running(version, terms))  # fmt: skip

        def uncancelled(version: Version, terms: Terms) -> bool:
            return open_end and live(version, terms) and not unknown_reduction(version, terms)

        def shared(version: Version, terms: Terms) -> bool:
            return in_erp(version) and (open_end or graced) and running(version, terms)

        def by_erp_dates(version: Version, _: Terms) -> bool:
            if erp is None or day > erp.last or not in_erp(version):
                return False
            on = min(day, erp.ends)
            return erp_effective(version) <= day and (
                version.erp.starts <= on <= (version.erp.ends or on))  # fmt: skip

        def single(version: Version, terms: Terms) -> bool:
            return version.repeats is None and uncancelled(version, terms)

        once = at_booking(single)
        finance = self._finance(erp, day)[1] if erp else 0
        return [
            sales(lambda v, _: line.is_last_step and unsigned and v.order.booked_on <= day),
            sales(lambda v, t: line.is_last_step and kept and day >= line.live and counted(v, t)),
            sales(by_step),
            sales(by_step) if committed else 0,
            at_booking(by_step),
            at_booking(lambda v, t: day <= line.last and live(v, t)),
            at_booking(lambda v, t: day <= line.last and going_on and live(v, t)),
            at_booking(uncancelled),
            once,
            once,
            constant(single),
            constant(lambda v, t: shared(v, t) and effective(v, t)),
            constant(shared),
            constant(by_erp_dates),
            finance,
        ], finance


def _starts(version: Version) -> date | None:
    """First day of the line of a version."""
    terms = version.line.versions[0].crm
    return terms.starts if terms else None


def _add(
    totals: Totals, customer: Customer, erp_customer: Customer, steps: list[int], finance: int
) -> None:
    """The end points and the differences of neighbors, at the customer each belongs to."""
    totals[customer.number, "sales_arr"] += steps[0]
    totals[erp_customer.number, "finance_arr"] += finance
    for at, reason in enumerate(REASONS):
        place = customer if at < HIERARCHY else erp_customer
        totals[place.number, reason] += steps[at + 1] - steps[at]
    if customer is not erp_customer:
        totals[customer.number, REASONS[HIERARCHY]] -= steps[HIERARCHY]
        totals[erp_customer.number, REASONS[HIERARCHY]] += steps[HIERARCHY]
