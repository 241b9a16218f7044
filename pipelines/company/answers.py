"""The answer key: what the reconciliation of this company must find, from its own truth.

The rules are those of the chain, written out once more in integers and apart from the models, so
that agreement of both means something.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from pipelines.company.answer_key import AnswerKey, ExpectedRow, PlantedRow, ReasonRow
from pipelines.company.catalog import OUT_OF_SCOPE
from pipelines.company.crm_lines import order_item_id
from pipelines.company.market import (
    EXPONENT,
    FIRST_MONTH,
    LAST_MONTH,
    month_end,
    period_name,
    rounded,
    usd_at_crm_rate,
    usd_at_erp_rate,
)
from pipelines.company.plans import PlannedRow, entry_of, erp_entry, erp_rate
from pipelines.company.recurring import recurring
from pipelines.company.schedule import Entry, charges, earned, life
from pipelines.company.story import Contract, Line, Story, Version

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
    ("open", "erp_short_close"),
    ("at_erp_quantity", "quantity_mismatch"),
    ("amount", "price_mismatch"),
    ("by_book", "allocation_ssp"),
    ("allocated", "allocation_mismatch"),
    ("with_use", "usage_overage"),
    ("at_erp_use_price", "price_mismatch"),
    ("without_lapses", "credits_unused"),
    ("with_breakage", "breakage"),
    ("earned", "not_yet_delivered"),
    ("earned_by_erp", "date_shift"),
    ("due", "posting_lag"),
    ("posted", "unexplained"),
)


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
    codes = {id(each.line): each for each in story.plants}
    for contract in story.contracts:
        for line in contract.lines:
            root = line.versions[0]
            crm_id = order_item_id(root) if root.crm else None
            key = line_keys.get(root.number)
            erp_id = None if key is None else str(key)
            amounts = line_reasons(story, line, plan)
            reasons += _movements(amounts, crm_id, erp_id)
            if crm_id:
                expected += _expected(line, crm_id)
            if plant := codes.get(id(line)):
                planted.append(_planted(plant.reason_code, plant.note, amounts, crm_id, erp_id))
    return AnswerKey(tuple(reasons), tuple(planted), tuple(expected), tuple(recurring(story)))


def line_reasons(story: Story, line: Line, plan: dict[int, list[PlannedRow]]) -> Cumulative:
    """Reason code, month -> cumulative amounts of a line (minor units, cents); zeros left out."""
    result: Cumulative = {}
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        totals: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for version, steps, posted_rpt in _steps(line, plan, month):
            for code, (txn, rpt) in _version_reasons(story, version, steps, posted_rpt).items():
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
    entries = [entry_of(v, v.erp_amount, v.open_part(v.crm or v.erp), v.erp_meter) for v in known]
    synced = dict(zip((v.number for v in known), entries, strict=True))
    earned_crm = _by_version(known, entries, through)
    earned_erp = _by_version(known, [erp_entry(v) for v in known], through)
    for version in line.versions:
        rows = plan.get(version.number, [])
        posted = [r for r in rows if r.posting_month is not None and r.posting_month <= month]
        open_due = sum(
            r.amount
            for r in rows
            if r.month <= month and (r.posting_month is None or r.posting_month > month)
        )
        erp = earned_erp.get(version.number, 0)
        by_erp = {
            **_price_steps(version, synced.get(version.number), through),
            "earned": earned_crm.get(version.number, 0),
            "earned_by_erp": erp,
            "due": erp - open_due,
            "posted": sum(r.amount for r in posted),
        }
        scale = minor_scale(version.line.contract, version.line.contract.billed_in)
        steps = {
            **_booked_steps(version, through, version.number in synced, bool(known)),
            **{name: amount * scale for name, amount in by_erp.items()},
        }
        yield version, steps, sum(r.base_amount for r in posted)


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
    amounts = earned(entries, through)
    return {
        version.number: amount + charges(entry, through)
        for version, entry, amount in zip(versions, entries, amounts, strict=True)
    }


def _price_steps(version: Version, known: Entry | None, through: date) -> dict[str, int]:
    """Steps from the amount on the ERP's line to what the contract is worth with use.

    Allocated by the price book, by the ERP, with use at the contract's price, at the ERP's price,
    without lapses, with breakage.

    Args:
        version: a version.
        known: what the ERP knows of it at the contract's dates; None: nothing.
        through: last day counted.
    """
    if known is None:
        return dict.fromkeys(
            (
                "by_book",
                "allocated",
                "with_use",
                "at_erp_use_price",
                "without_lapses",
                "with_breakage",
            ),
            0,
        )
    shifted = 0 if version.allocated is None or version.crm is None else (
        version.allocated - version.crm.amount)  # fmt: skip
    by_contract = version.meter.charged(through) if version.meter else 0
    used = known.amount + charges(known, through)
    return {
        "by_book": version.erp.amount - _closed(version) + shifted,
        "allocated": known.amount,
        "with_use": known.amount + by_contract,
        "at_erp_use_price": used,
        "without_lapses": used - known.lapsed(through),
        "with_breakage": used,
    }


def _booked_steps(version: Version, through: date, known: bool, line_known: bool) -> dict[str, int]:
    """From what the CRM booked to the amount on the ERP's line."""
    contract = version.line.contract
    erp_scale = minor_scale(contract, contract.billed_in)
    closed = _closed(version) * erp_scale
    erp_amount = version.erp.amount * erp_scale - closed if known else 0
    if version.crm is None:
        in_erp = ("population", "versions", "open", "at_erp_quantity", "amount")
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
        "population": handed if line_known else 0,
        "versions": amount if known else 0,
        "open": amount - closed if known else 0,
        "at_erp_quantity": at_erp_quantity - closed if known else 0,
        "amount": erp_amount,
    }


def _closed(version: Version) -> int:
    """What the ERP will not recognize of an order line because it closed it early."""
    return version.erp.amount - version.closed.amount if version.closed else 0


def _code(reason: str, version: Version) -> str:
    """The reason code of a step, which depends on the version for some of them."""
    if reason == "population":
        return "missing_in_erp" if version.crm else "missing_in_crm"
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
    result["rounding"] = (0, in_usd["posted"] - posted_rpt)
    return result


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
        entry_of(v, v.crm.amount if v.allocated is None else v.allocated, v.crm, v.meter)
        for v in line.versions
        if v.crm
    ]
    before = 0
    for month in life(entries):
        through = month_end(month)
        after = sum(earned(entries, through)) + sum(charges(entry, through) for entry in entries)
        if after != before:
            yield ExpectedRow(crm_id, period_name(month), (after - before) * scale)
        before = after
