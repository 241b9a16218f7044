"""The answer key: what the reconciliation of this company must find, from its own truth.

The rules are those of the chain, written out once more in integers and apart from the models, so
that agreement of both means something.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from pipelines.company.answer_key import AnswerKey, ExpectedRow, PlantedRow, ReasonRow
from pipelines.company.arr_bridge import arr_bridge
from pipelines.company.catalog import OUT_OF_SCOPE
from pipelines.company.crm_lines import order_item_id
from pipelines.company.erp_line_journals import contract_minor
from pipelines.company.link_answers import (
    amounts_on_lines,
    is_repeated_by_erp,
    is_shared,
    links,
    posted,
    repeated_code,
    repeats_of,
)
from pipelines.company.market import (
    EXPONENT,
    FIRST_MONTH,
    LAST_MONTH,
    month_end,
    month_of,
    period_name,
    rounded,
    usd_at_crm_rate,
    usd_at_erp_rate,
)
from pipelines.company.plans import PlannedRow, by_erp_rule, entry_of, erp_rate
from pipelines.company.recurring import recurring
from pipelines.company.schedule import Entry, charges, earned, life, shortfalls
from pipelines.company.story import Contract, Line, Story, Version
from pipelines.company.variable import moved

Amounts = dict[str, tuple[int, int]]
Cumulative = dict[tuple[str, int], tuple[int, int]]
# The steps of the chain in their order, each with the reason of the difference to the one before.
# `population` and `versions` have more than one code, see `_code`.
STEPS: Final = (
    ("booked", None),
    ("in_scope", "out_of_scope"),
    ("handed", "handoff_lag"),
    ("population", "population"),
    ("versions", "versions"),
    ("left_open", "erp_short_close"),
    ("at_erp_quantity", "quantity_mismatch"),
    ("amount", "price_mismatch"),
    ("by_book", "allocation_ssp"),
    ("leveled", "ramp_straight_line"),
    ("allocated", "allocation_mismatch"),
    ("with_use", "usage_overage"),
    ("with_minimum", "minimum_shortfall"),
    ("with_estimates", "variable_estimate"),
    ("by_erp_terms", "price_mismatch"),
    ("without_lapses", "credits_unused"),
    ("with_breakage", "breakage"),
    ("with_credits", "credit_memo"),
    ("earned", "not_yet_delivered"),
    ("at_erp_dates", "date_shift"),
    ("by_erp_spread", "period_convention"),
    ("by_erp_rule", "recognition_rule_mismatch"),
    ("earned_by_erp", "ramp_straight_line"),
    ("unheld", "revenue_hold"),
    ("open", "closed_period_catch_up"),
    ("due", "posting_lag"),
    ("posted", "unexplained"),
)
BY_BOOK: Final = ("by_book", "allocation_ssp")
LAST_PRICE: Final = STEPS.index(("earned", "not_yet_delivered"))


def answer(story: Story, plan: dict[int, list[PlannedRow]], line_keys: dict[int, int]) -> AnswerKey:
    """The key of the whole company.

    Args:
        story: what happened.
        plan: version number -> planned rows.
        line_keys: version number -> uniquekey of its ERP order line.
    """
    reasons: list[ReasonRow] = []
    expected: list[ExpectedRow] = []
    planted: list[PlantedRow] = []
    plants = defaultdict(list)
    for each in story.plants:
        plants[id(each.line)].append(each)
    for contract in story.contracts:
        for line in contract.lines:
            root = line.versions[0]
            crm_id = order_item_id(root) if root.crm else None
            key = line_keys.get(root.number)
            erp_id = None if key is None else str(key)
            if is_repeated_by_erp(line):
                continue
            amounts = line_reasons(story, [line, *repeats_of(line)], plan)
            reasons += _movements(amounts, crm_id, erp_id)
            if crm_id:
                expected += _expected(line, crm_id)
            planted += [
                _planted(plant.reason_code, plant.note, amounts, crm_id, erp_id)
                for plant in plants[id(line)]
            ]
    return AnswerKey(
        tuple(reasons), tuple(planted), tuple(expected), tuple(recurring(story)),
        tuple(arr_bridge(story)), tuple(links(story, line_keys)),
    )  # fmt: skip


def line_reasons(
    story: Story, lines: Sequence[Line], plan: dict[int, list[PlannedRow]]
) -> Cumulative:
    """Reason code, month -> cumulative amounts (minor units, cents); zeros left out.

    Args:
        story: what happened.
        lines: a line, and what the ERP alone says of it again.
        plan: version number -> planned rows.
    """
    result: Cumulative = {}
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for version, steps, posted_rpt in (s for each in lines for s in _steps(each, plan, month)):
            reasons = _version_reasons(story, version, steps, posted_rpt)
            reasons["manual_journal"] = _by_hand(story, version, month)
            for code, (txn, rpt) in reasons.items():
                totals[code][0] += txn
                totals[code][1] += rpt
        result |= {(code, month): (txn, rpt) for code, (txn, rpt) in totals.items() if txn or rpt}
    return result


def _steps(
    line: Line, plan: dict[int, list[PlannedRow]], month: int
) -> Iterator[tuple[Version, dict[str, int], int]]:
    """The amounts of each version through a month's end, by step, and its posted cents."""
    through = month_end(month)
    known = [v for v in line.versions if v.order.in_erp and v.order.erp_date <= through]
    if line.product.pattern == OUT_OF_SCOPE:
        known = []
    entries = [
        entry_of(v, v.terms_amount, v.open_part(v.crm or v.erp), v.erp_meter, v.erp_changes)
        for v in known
    ]
    synced = dict(zip((v.number for v in known), entries, strict=True))
    parts = [(v, part) for v in known for part in range(len(amounts_on_lines(v)))]
    by_crm = [
        entry_of(
            v, _part_terms(v, at), v.open_part(v.crm or v.erp), v.erp_meter, v.erp_changes
        )
        for v, at in parts
    ]  # fmt: skip
    dated = [
        entry_of(v, _part_terms(v, at), v.open_part(v.erp), v.erp_meter, v.erp_changes)
        for v, at in parts
    ]
    ruled = [by_erp_rule(v, entry) for (v, _), entry in zip(parts, dated, strict=True)]
    by_erp = [
        replace(entry, amount=amounts_on_lines(v)[at])
        for (v, at), entry in zip(parts, ruled, strict=True)
    ]
    of_parts = [version for version, _ in parts]
    earned_crm = _by_version(of_parts, by_crm, through)
    earned_dated = _by_version(of_parts, dated, through)
    earned_ruled = _by_version(of_parts, ruled, through)
    earned_erp = _by_version(of_parts, by_erp, through)
    for version in line.versions:
        taken = posted(version, plan, month)
        held, caught_up = taken.waiting("revenue_hold"), taken.waiting("closed_period_catch_up")
        erp = earned_erp.get(version.number, 0)
        by_rule = earned_ruled.get(version.number, 0)
        by_dates = earned_dated.get(version.number, 0)
        in_erp = {
            **_price_steps(version, synced.get(version.number), through),
            "earned": earned_crm.get(version.number, 0),
            "at_erp_dates": by_dates,
            "by_erp_spread": by_dates if version.erp_pattern else by_rule,
            "by_erp_rule": by_rule,
            "earned_by_erp": erp,
            "unheld": erp - held,
            "open": erp - held - caught_up,
            "due": erp - held - caught_up - taken.waiting("posting_lag"),
            "posted": taken.amount,
        }
        scale = minor_scale(version.line.contract, version.line.contract.billed_in)
        steps = {
            **_booked_steps(version, through, version.number in synced, bool(known)),
            **{name: amount * scale for name, amount in in_erp.items()},
        }
        yield version, steps, taken.cents


def _part_terms(version: Version, part: int) -> int:
    """What one of the ERP's lines has of a version, by the contract's own terms."""
    amounts = amounts_on_lines(version)
    return amounts[part] if len(amounts) > 1 else version.terms_amount


def face_currency(contract: Contract) -> str:
    """The currency whose minor units amounts of a contract are counted in.

    The customer's, unless the ERP's order is in one of more decimals: amounts in two currencies are
    compared by their face.
    """
    return max(contract.customer.currency, contract.billed_in, key=lambda each: EXPONENT[each])


def minor_scale(contract: Contract, currency: str) -> int:
    """Minor units of the face currency in one minor unit of a currency."""
    return int(10 ** (EXPONENT[face_currency(contract)] - EXPONENT[currency]))


def _by_version(
    versions: Sequence[Version], entries: Sequence[Entry], through: date
) -> dict[int, int]:
    """Version number -> earned through a day, charges included."""
    result: defaultdict[int, int] = defaultdict(int)
    for version, entry, amount in zip(versions, entries, earned(entries, through), strict=True):
        result[version.number] += amount + charges(entry, through) + shortfalls(entry, through)
    return dict(result)


def _price_steps(version: Version, known: Entry | None, through: date) -> dict[str, int]:
    """Steps from the amount on the ERP's line to what the contract is worth with what varies.

    Allocated by the price book, by the ERP; with use, minimums and estimates by the contract's
    terms, by the ERP's; without lapses, with breakage, with credit memos.

    Args:
        version: a version.
        known: what the ERP knows of it at the contract's dates; None: nothing.
        through: last day counted.
    """
    if known is None:
        return dict.fromkeys((name for name, _ in STEPS[STEPS.index(BY_BOOK) : LAST_PRICE]), 0)
    shifted = 0 if version.allocated is None or version.crm is None else (
        version.allocated - version.crm.amount)  # fmt: skip
    contract = replace(known, meter=version.meter)
    with_use = known.amount + charges(contract, through)
    with_minimum = with_use + shortfalls(contract, through)
    by_erp = known.amount + charges(known, through) + shortfalls(known, through)
    by_erp += moved(version.erp_changes, through, is_credit=False)
    return {
        "by_book": version.erp.amount - _closed(version) + shifted,
        "leveled": version.erp.amount - _closed(version) + shifted,
        "allocated": known.amount,
        "with_use": with_use,
        "with_minimum": with_minimum,
        "with_estimates": with_minimum + moved(version.crm_changes, through, is_credit=False),
        "by_erp_terms": by_erp,
        "without_lapses": by_erp - known.lapsed(through),
        "with_breakage": by_erp,
        "with_credits": by_erp + moved(version.erp_changes, through, is_credit=True),
    }


def _booked_steps(version: Version, through: date, known: bool, line_known: bool) -> dict[str, int]:
    """From what the CRM booked to the amount on the ERP's line."""
    contract = version.line.contract
    erp_scale = minor_scale(contract, contract.billed_in)
    closed = _closed(version) * erp_scale
    erp_amount = version.erp.amount * erp_scale - closed if known else 0
    if version.crm is None:
        in_erp = ("population", "versions", "left_open", "at_erp_quantity", "amount")
        return {"booked": 0, "in_scope": 0, "handed": 0} | dict.fromkeys(in_erp, erp_amount)
    booked = version.crm.amount * minor_scale(contract, contract.customer.currency)
    order, is_revenue = version.order, version.line.product.pattern != OUT_OF_SCOPE
    amount = booked if is_revenue else 0
    handed = amount if order.handed_on <= through else 0
    sign = 1 if version.crm.quantity > 0 else -1
    at_erp_quantity = rounded(sign * amount * version.erp.quantity, sign * version.crm.quantity)
    return {
        "booked": booked if order.booked_on <= through else 0,
        "in_scope": amount if order.booked_on <= through else 0,
        "handed": handed,
        "population": handed if line_known and version.repeats is None else 0,
        "versions": amount if known else 0,
        "left_open": amount - closed if known else 0,
        "at_erp_quantity": at_erp_quantity - closed if known else 0,
        "amount": erp_amount,
    }


def _closed(version: Version) -> int:
    """What the ERP will not recognize of an order line because it closed it early."""
    return version.erp.amount - version.closed.amount if version.closed else 0


def _code(reason: str, version: Version) -> str:
    """The reason code of a step, which depends on the kind of version for some of them.

    What an ERP line holds of several versions is shared out and rounded: what is posted of one may
    be a unit off.
    """
    if reason == "population":
        return repeated_code(version, "missing_in_erp" if version.crm else "missing_in_crm")
    if reason == "unexplained" and is_shared(version):
        return "rounding"
    if reason == "versions":
        return "termination_not_synced" if version.cancels else "amendment_not_synced"
    if version.erp_product and reason in {"quantity_mismatch", "price_mismatch"}:
        return "product_mismatch"
    if version.erp.total is not None and reason == "price_mismatch":
        return "proration_method"
    return reason


def _version_reasons(
    story: Story, version: Version, steps: dict[str, int], posted_rpt: int
) -> Amounts:
    """Differences of neighboring steps, in both currencies."""
    contract, order = version.line.contract, version.order
    currency, unit = contract.customer.currency, face_currency(contract)
    crm_rate = story.market.crm_rate(currency, order.booked_on)
    table_rate = story.market.erp_rate(currency, order.erp_date) if order.in_erp else 0
    if order.in_erp:
        rate = erp_rate(story, version)
        in_usd = {name: usd_at_erp_rate(step, unit, rate) for name, step in steps.items()}
        in_scope = usd_at_erp_rate(steps["in_scope"], unit, table_rate)
    else:
        in_usd = {name: usd_at_crm_rate(step, unit, crm_rate) for name, step in steps.items()}
        in_scope = in_usd["in_scope"]
    result: Amounts = {}
    for (before, _), (after, reason) in pairwise(STEPS):
        code = _code(str(reason), version)
        txn, rpt = result.get(code, (0, 0))
        result[code] = (
            txn + steps[before] - steps[after],
            rpt + in_usd[before] - in_usd[after],
        )
    booked, kept = (usd_at_crm_rate(steps[name], unit, crm_rate) for name in ("booked", "in_scope"))
    result["out_of_scope"] = (steps["booked"] - steps["in_scope"], booked - kept)
    result["fx_rate"] = (0, kept - in_scope)
    result["currency_mismatch"] = (0, in_scope - in_usd["in_scope"])
    txn, rpt = result.get("rounding", (0, 0))
    result["rounding"] = (txn, rpt + in_usd["posted"] - posted_rpt)
    return result


def _by_hand(story: Story, version: Version, month: int) -> tuple[int, int]:
    """What journals past the plan recognized through a month: less than nothing is explained."""
    journals = [each for each in version.by_hand if each.month <= month]
    return (
        -sum(contract_minor(story, version, each) for each in journals),
        -sum(each.cents for each in journals),
    )


def _movements(amounts: Cumulative, crm_id: str | None, erp_id: str | None) -> Iterator[ReasonRow]:
    for code in sorted({code for code, _ in amounts}):
        before = (0, 0)
        for month in range(FIRST_MONTH, LAST_MONTH + 1):
            after = amounts.get((code, month), (0, 0))
            if after != before:
                yield ReasonRow(
                    crm_id, erp_id, period_name(month), code,
                    after[0] - before[0], after[1] - before[1],
                )  # fmt: skip
            before = after


def _planted(
    code: str, note: str, amounts: Cumulative, crm_id: str | None, erp_id: str | None
) -> PlantedRow:
    """First period of the effect, and the largest cumulative amount it ever had."""
    seen = {month: txn for (each, month), (txn, _) in amounts.items() if each == code}
    worst = max(seen.values(), key=abs, default=0)
    first = period_name(min(seen)) if seen else period_name(LAST_MONTH)
    return PlantedRow(code, crm_id, erp_id, first, worst, note)


def _expected(line: Line, crm_id: str) -> Iterator[ExpectedRow]:
    """Revenue per month by the CRM's own terms, for the whole life of a line."""
    if line.product.pattern == OUT_OF_SCOPE:
        return
    scale = minor_scale(line.contract, line.contract.customer.currency)
    entries = [
        entry_of(
            v,
            v.crm.amount if v.allocated is None else v.allocated,
            v.crm,
            v.meter,
            v.crm_changes,
            v.order.booked_on,
        )
        for v in line.versions
        if v.crm
    ]
    before = 0
    last = max(month_of(each.day) for entry in entries for each in entry.changes) if any(
        entry.changes for entry in entries) else 0  # fmt: skip
    months = life(entries)
    for month in range(months[0], max(months[-1], last) + 1):
        through = month_end(month)
        after = sum(earned(entries, through)) + sum(
            charges(entry, through) + shortfalls(entry, through) for entry in entries
        )
        if after != before:
            yield ExpectedRow(crm_id, period_name(month), (after - before) * scale)
        before = after
