"""Second check: what a schema cannot say, such as an amendment of a line that does not exist.

Each rule yields what is wrong with one contract; the case's other contracts go on.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Final

from pipelines.cases.event_checks import events_hold_together
from pipelines.cases.held import CONTRACT_TABLES, Checked, Held, Row, without

FIRST_YEAR: Final = "1970"
LAST_YEAR: Final = "2100"
WHOLE_DIGITS: Final = 18
DECIMALS: Final = 10
Rule = Callable[[Row, Row], Iterator[Held]]

DATES: Final = frozenset(
    {
        "signed_on",
        "cancel_right_from",
        "books_closed_through",
        "starts_on",
        "ends_on",
        "on",
        "due_on",
        "amortise_from",
        "amortise_to",
    }
)
NUMBERS: Final = frozenset(
    {
        "transaction_price",
        "minimum_amount",
        "financing_rate",
        "quantity",
        "price",
        "unit_price",
        "list_price",
        "ssp",
        "ssp_percent",
        "ssp_low",
        "ssp_high",
        "option_purchase",
        "option_discount",
        "general_discount",
        "likelihood",
        "amount",
        "constrained_to",
        "bundle_price",
    }
)
ROW_NAMES: Final = {
    "contracts": "contract_id",
    "lines": "line_id",
    "events": "event_id",
    "bundles": "bundle_id",
    "costs": "cost_id",
}
#: table -> column that is unique, and how far
UNIQUE: Final = (
    ("contracts", "contract_id"),
    ("lines", "line_id"),
    ("lines", "line_no"),
    ("events", "event_id"),
    ("events", "event_no"),
    ("costs", "cost_id"),
)


def check(read: Checked) -> Checked:
    """Hold the contracts that no engine could compute.

    Args:
        read: cases that fit the schema, and what is held already.

    Returns:
        The cases that run, and all that is held.
    """
    cases: list[Row] = []
    held = list(read.held)
    for case in read.cases:
        found = [*_of_case(case), *(_of_contracts(case))]
        held += found
        if any(not defect.contract_id for defect in found):
            continue
        kept = without(case, {defect.contract_id for defect in found})
        if kept["contracts"]:
            cases.append(kept)
    return Checked(cases, held)


def _of_contracts(case: Row) -> Iterator[Held]:
    for contract in case["contracts"]:
        contract_id = contract["contract_id"]
        own = {
            table: [row for row in case[table] if row["contract_id"] == contract_id]
            for table in CONTRACT_TABLES
        }
        for rule in RULES:
            yield from rule(case, own)


def _of_case(case: Row) -> Iterator[Held]:
    known = {row["contract_id"] for row in case["contracts"]}
    lines = {row["line_id"] for row in case["lines"]}
    for table in CONTRACT_TABLES[1:]:
        for row in case[table]:
            if row["contract_id"] not in known:
                yield Held(
                    case["id"], "", "unknown_contract", table, row[ROW_NAMES[table]], "contract_id",
                    f"The case has no contract {row['contract_id']}.",
                    "Add the contract or correct the row.",
                )  # fmt: skip
    for band in case["rate_bands"]:
        if band["line_id"] not in lines:
            yield Held(
                case["id"], "", "unknown_line", "rate_bands", band["line_id"], "line_id",
                f"The case has no line {band['line_id']}.",
                "Add the line or correct the rate band.",
            )  # fmt: skip
    for period in case["ask"]["periods"]:
        if period["ends_on"] < period["starts_on"]:
            yield Held(
                case["id"], "", "dates_reversed", "periods", period["period_id"], "ends_on",
                f"The period ends on {period['ends_on']}, before it starts.",
                "Exchange the dates.",
            )  # fmt: skip
    for name, times in Counter(row["period_id"] for row in case["ask"]["periods"]).items():
        if times > 1:
            yield Held(
                case["id"], "", "duplicate", "periods", name, "period_id",
                f"{times} rows have this period_id.", "Give every period an id of its own.",
            )  # fmt: skip
    for name, times in Counter(row["line_id"] for row in case["lines"]).items():
        owners = {row["contract_id"] for row in case["lines"] if row["line_id"] == name}
        if times > 1 and len(owners) > 1:
            yield Held(
                case["id"], "", "duplicate", "lines", name, "line_id",
                "Two contracts have a line with this line_id.",
                "Give every line of the case an id of its own.",
            )  # fmt: skip


def _unique(case: Row, own: Row) -> Iterator[Held]:
    for table, column in UNIQUE:
        for value, times in Counter(row[column] for row in own[table]).items():
            if times > 1:
                yield _defect(
                    case, own, "duplicate", table, str(value), column,
                    f"{times} rows have the {column} {value}.",
                    f"Give every row a {column} of its own.",
                )  # fmt: skip


def _values(case: Row, own: Row) -> Iterator[Held]:
    for table in CONTRACT_TABLES:
        for row in own[table]:
            name = str(row[ROW_NAMES[table]])
            for column, value in row.items():
                if column in DATES and value is not None:
                    if not FIRST_YEAR <= value[:4] <= LAST_YEAR:
                        yield _defect(
                            case, own, "date_out_of_range", table, name, column,
                            f"{value} is outside {FIRST_YEAR} to {LAST_YEAR}.",
                            "Correct the date; an open end is null.",
                        )  # fmt: skip
                elif column in NUMBERS and value is not None and not _fits(value):
                    yield _defect(
                        case, own, "number_too_long", table, name, column,
                        f"{value} has more than {WHOLE_DIGITS} digits before the point "
                        f"or more than {DECIMALS} after it.",
                        "Write the number shorter.",
                    )  # fmt: skip


def _fits(text: str) -> bool:
    number = Decimal(text)
    exponent = number.normalize().as_tuple().exponent
    return abs(number) < 10**WHOLE_DIGITS and int(exponent) >= -DECIMALS


def _lines(case: Row, own: Row) -> Iterator[Held]:
    policy = case["policy"]
    bands = {row["line_id"] for row in case["rate_bands"]}
    if not own["lines"]:
        contract_id = own["contracts"][0]["contract_id"]
        yield _defect(
            case, own, "no_lines", "contracts", contract_id, "",
            "The contract has no lines.", "Add its lines.",
        )  # fmt: skip
    for line in own["lines"]:
        name = line["line_id"]
        starts_on, ends_on = line["starts_on"], line["ends_on"]
        for column in ("starts_on", "ends_on"):
            if line[column] is None and _needs_dates(line, policy):
                yield _defect(
                    case, own, "no_dates", "lines", name, column,
                    f"A line recognized over time has no {column}.",
                    "Give the first and the last day of service.",
                )  # fmt: skip
        if starts_on and ends_on:
            exclusive = policy["end_date"] == "exclusive"
            if ends_on < starts_on or (exclusive and ends_on == starts_on):
                yield _defect(
                    case, own, "dates_reversed", "lines", name, "ends_on",
                    f"No day of service lies between {starts_on} and {ends_on}.",
                    "Correct the dates; policy.end_date says whether ends_on is a service day.",
                )  # fmt: skip
        if line["tier_mode"] != "none" and name not in bands:
            yield _defect(
                case, own, "no_rate_bands", "lines", name, "tier_mode",
                f"The line is priced by {line['tier_mode']} tiers and has no rate bands.",
                "Add its rate_bands or set tier_mode to none.",
            )  # fmt: skip
    yield from _missing_ssp(case, own)


def _needs_dates(line: Row, policy: Row) -> bool:
    over_time = line["pattern"] == "ratable" or (
        policy["minimum"] == "stand_ready"
        and line["pattern"] == "usage"
        and Decimal(line["price"] or 0) > 0
    )
    recurring = line["price_period"] is not None and line["price"] is None
    return over_time or recurring


def _missing_ssp(case: Row, own: Row) -> Iterator[Held]:
    pool = [
        line
        for line in own["lines"]
        if line["modification_id"] is None
        and line["distinct"]
        and line["pattern"] != "none"
        and (line["pattern"] != "usage" or Decimal(line["price"] or 0) > 0)
    ]
    needed = {
        "given": ("ssp",),
        "percent_of_list": ("ssp_percent", "list_price"),
        "percent_of_group": ("ssp_percent", "ssp_group"),
        "option_value": ("option_purchase", "option_discount"),
    }
    for line in pool if len(pool) > 1 else ():
        for column in needed.get(line["ssp_method"], ()):
            if line[column] is None:
                yield _defect(
                    case, own, "no_ssp", "lines", line["line_id"], column,
                    f"The allocation needs the line's standalone selling price, and its method "
                    f"{line['ssp_method']} needs {column}.",
                    f"Give {column}, or choose the ssp_method that fits.",
                )  # fmt: skip


def _settings(case: Row, own: Row) -> Iterator[Held]:
    policy, contract = case["policy"], own["contracts"][0]
    name = contract["contract_id"]
    if policy["pricing_term"].startswith("anchored") and policy["anchor_day"] is None:
        yield _defect(
            case, own, "no_anchor_day", "policy", "", "anchor_day",
            f"pricing_term is {policy['pricing_term']} and anchor_day is null.",
            "Give the day of the month on which pricing periods start.",
        )  # fmt: skip
    if policy["fx"] != "none" and contract["currency"] != contract["functional_currency"]:
        pair = (contract["currency"], contract["functional_currency"])
        if not any(
            (rate["from_currency"], rate["to_currency"]) == pair
            and rate["on"] <= contract["signed_on"]
            for rate in case["fx_rates"]
        ):
            yield _defect(
                case, own, "no_rate", "fx_rates", name, "on",
                f"No rate from {pair[0]} to {pair[1]} is dated {contract['signed_on']} or before.",
                "Add the rate that holds on the day the contract is signed.",
            )  # fmt: skip
    if policy["financing"] != "none" and contract["financing_rate"] is None:
        yield _defect(
            case, own, "no_rate", "contracts", name, "financing_rate",
            f"policy.financing is {policy['financing']} and the contract has no rate.",
            "Give the yearly rate, or set financing to none.",
        )  # fmt: skip


def _bundles(case: Row, own: Row) -> Iterator[Held]:
    lines = {line["line_id"] for line in own["lines"]}
    rows = sorted(own["bundles"], key=lambda row: str(row["bundle_id"]))
    for bundle_id, members in groupby(rows, key=lambda row: str(row["bundle_id"])):
        listed = list(members)
        for member in listed:
            if member["line_id"] not in lines:
                yield _defect(
                    case, own, "unknown_line", "bundles", bundle_id, "line_id",
                    f"The contract has no line {member['line_id']}.", "Correct the member.",
                )  # fmt: skip
        if len({Decimal(member["bundle_price"]) for member in listed}) > 1:
            yield _defect(
                case, own, "bundle_prices_differ", "bundles", bundle_id, "bundle_price",
                "The rows of the bundle have different prices.",
                "Repeat one price on every row of the bundle.",
            )  # fmt: skip


def _defect(  # noqa: PLR0913, PLR0917 - the parts of a message
    case: Row, own: Row, code: str, table: str, row: str, field: str, message: str, fix: str
) -> Held:
    contract_id = own["contracts"][0]["contract_id"]
    return Held(case["id"], contract_id, code, table, row, field, message, fix)


def _events(case: Row, own: Row) -> Iterable[Held]:
    return events_hold_together(case, own, _defect)


RULES: Final = (_unique, _values, _lines, _settings, _bundles, _events)
