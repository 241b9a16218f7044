"""Standalone selling prices and the allocation of the transaction price."""

from fractions import Fraction

from oracle.amounts import Money
from oracle.calendar import DAY, Service, calendar_months, days, months_touched
from oracle.lines import Line, day, number


def cut_to_enforceable_term(contract: dict, policy: dict, line: Line) -> Fraction:
    """End a line the day before a right to leave; returns the share of price and SSP that stays."""
    leave = day(contract["cancel_right_from"])
    if leave is None or contract["cancel_penalty_substantive"] is not False:
        return Fraction(1)
    if line.start is None or line.end is None or line.end < leave:
        return Fraction(1)
    if line.start >= leave:
        line.over = line.absent = True
        line.price = Fraction(0)
        return Fraction(0)
    share = Service(policy, line.start, line.end, line.start, line.end).before(leave)
    line.end = leave - DAY
    line.price = line.money.round(line.price * share)
    return share


def selling_prices(lines: list[Line], shares: dict[str, Fraction]) -> None:
    """Set the SSP of lines that join together; `residual` stays 0 until the allocation."""
    for line in lines:
        row = line.row
        likelihood = number(row["likelihood"])
        found = Fraction(0)
        if row["ssp_method"] == "given":
            found = number(row["ssp"]) if row["ssp"] is not None else line.price
            if row["ssp"] is not None and likelihood is not None:
                found *= likelihood
        elif row["ssp_method"] == "price":
            line.weight = line.listed = line.price
            continue
        elif row["ssp_method"] == "percent_of_list":
            found = number(row["ssp_percent"]) * number(row["list_price"])
        elif row["ssp_method"] == "option_value":
            discount = number(row["option_discount"]) - (number(row["general_discount"]) or 0)
            found = number(row["option_purchase"]) * discount
            found *= Fraction(1) if likelihood is None else likelihood
        line.weight = line.listed = found * shares.get(line.line_id, Fraction(1))
    for line in lines:
        row = line.row
        if row["ssp_method"] == "percent_of_group":
            line.weight = number(row["ssp_percent"]) * sum(
                other.weight
                for other in lines
                if other is not line
                and other.row["ssp_group"] == row["ssp_group"]
                and other.row["ssp_method"] != "percent_of_group"
            )


def allocation_weights(
    policy: dict, pool: list[Line], bundles: list[dict], price: Fraction
) -> list[Fraction]:
    """Weights of the lines of a pool, in their order; sets the SSP of a residual line."""
    members: dict[str, set[str]] = {}
    bundle_price: dict[str, Fraction] = {}
    for row in bundles:
        members.setdefault(row["bundle_id"], set()).add(row["line_id"])
        bundle_price[row["bundle_id"]] = Fraction(row["bundle_price"])
    ids = {line.line_id for line in pool}
    members = {name: lines for name, lines in members.items() if lines <= ids}
    residual = [line for line in pool if line.row["ssp_method"] == "residual"]
    ssp = {line.line_id: line.weight for line in pool}
    if residual:
        line = residual[0]
        weights = dict(ssp)
        for name, inside in members.items():
            overlaps = any(inside & others for other, others in members.items() if other != name)
            if not overlaps and line.line_id not in inside:
                listed = sum(ssp[member] for member in inside)
                for member in inside:
                    weights[member] = ssp[member] * bundle_price[name] / listed
        candidate = price - sum(
            weight for member, weight in weights.items() if member != line.line_id
        )
        low, high = number(line.row["ssp_low"]), number(line.row["ssp_high"])
        if (low is None or low <= candidate) and (high is None or candidate <= high):
            line.weight = weights[line.line_id] = candidate
            return [weights[member.line_id] for member in pool]
        if policy["residual_fallback"] == "midpoint":
            line.weight = (low + high) / 2
        else:
            line.weight = low if low is not None and candidate < low else high
        ssp[line.line_id] = line.weight
    discount = sum(ssp.values()) - price
    fitting = [
        name
        for name, inside in members.items()
        if len(inside) < len(pool)
        and sum(ssp[member] for member in inside) - bundle_price[name] == discount
    ]
    if len(fitting) == 1:
        inside = members[fitting[0]]
        listed = sum(ssp[member] for member in inside)
        for member in inside:
            ssp[member] = ssp[member] * bundle_price[fitting[0]] / listed
    return [ssp[line.line_id] for line in pool]


def royalties_are_targeted(policy: dict, pool: list[Line], events: list[dict]) -> bool:
    """Whether royalties belong to their lines, which then keep their stated prices."""
    if not any(event["type"] in {"royalty", "royalty_estimate"} for event in events):
        return False
    if policy["variable_allocation"] != "test":
        return policy["variable_allocation"] == "targeted"
    estimates: dict[tuple[str | None, str | None], Fraction] = {}
    for event in events:
        if event["type"] == "royalty_estimate" and event["at_inception"]:
            estimates[event["line_id"], event["component_id"]] = Fraction(event["amount"])
    total = sum(line.price for line in pool) + sum(estimates.values())
    listed = sum(line.weight for line in pool)
    tolerance = Fraction(policy["variable_test_tolerance"])
    for line in pool:
        own = sum(
            (amount for (line_id, _), amount in estimates.items() if line_id == line.line_id),
            Fraction(0),
        )
        fair = total * line.weight / listed if listed else Fraction(0)
        if abs(line.price + own - fair) > tolerance * fair:
            return False
    return True


def spread_ramps(
    policy: dict, money: Money, pool: list[Line], amounts: list[Fraction], weights: list[Fraction]
) -> tuple[list[Fraction], list[Fraction]]:
    """Re-split each ramp by time; amounts and weights of the allocation."""
    if policy["ramp"] != "straight_line":
        return amounts, weights
    amounts, weights = list(amounts), list(weights)
    groups: dict[str, list[int]] = {}
    for place, line in enumerate(pool):
        if line.row["ramp_group"] is not None and line.start and line.end and not line.over:
            groups.setdefault(line.row["ramp_group"], []).append(place)
    for places in groups.values():
        lengths = [_length(policy, pool[place]) for place in places]
        total, whole = sum(amounts[place] for place in places), sum(lengths)
        heavy = sum(weights[place] for place in places)
        parts = money.split(total, lengths)
        for place, part, length in zip(places, parts, lengths, strict=True):
            amounts[place], weights[place] = part, heavy * length / whole
    return amounts, weights


def _length(policy: dict, line: Line) -> Fraction:
    if policy["proration"] == "daily":
        return Fraction(days(line.start, line.end))
    if policy["proration"] == "even_periods":
        return Fraction(len(months_touched(line.start, line.end)))
    return calendar_months(line.start, line.end)
