"""Checks of the events of one contract: lines they name, dates they share, quantities left."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from pipelines.cases.held import Held, Row

Defect = Callable[[Row, Row, str, str, str, str, str, str], Held]

NEEDS_LINE: Final = frozenset(
    {
        "delivery",
        "progress",
        "uninstalled_material",
        "usage",
        "redemption",
        "expected_total",
        "expiry",
        "royalty",
        "royalty_estimate",
        "price_concession",
        "amendment_add",
        "amendment_change",
        "amendment_reprice",
        "amendment_remove",
        "option_exercise",
    }
)
NEEDS_AMOUNT: Final = frozenset(
    {
        "uninstalled_material",
        "royalty",
        "price_estimate",
        "refund_estimate",
        "royalty_estimate",
        "price_concession",
        "credit_note",
        "termination_fee",
        "option_exercise",
        "invoice",
        "cash",
        "refund",
        "credit_opening",
        "credit_granted",
        "credit_applied",
    }
)
NEEDS_QUANTITY: Final = frozenset({"progress", "redemption", "expected_total"})
POSITIVE: Final = frozenset({"credit_note", "refund_estimate", "cash", "refund", "credit_opening"})
JOINS: Final = {"amendment_add": "line_id", "option_exercise": "to_line_id"}


def events_hold_together(case: Row, own: Row, defect: Defect) -> Iterator[Held]:
    """What is wrong with a contract's events.

    Args:
        case: the case.
        own: the contract's rows by table.
        defect: makes the message from case, rows, code, table, row, field, message and fix.
    """
    lines = {line["line_id"]: line for line in own["lines"]}
    for event in own["events"]:
        for code, field, message, fix in _defects(event, lines):
            yield defect(case, own, code, "events", event["event_id"], field, message, fix)
    yield from _joining(case, own, defect)
    yield from _order(case, own, defect)
    yield from _quantities(case, own, defect)
    yield from _totals(case, own, defect)


def _defects(event: Row, lines: dict[str, Row]) -> Iterator[tuple[str, str, str, str]]:
    kind = event["type"]
    for field in ("line_id", "to_line_id"):
        if event[field] is not None and event[field] not in lines:
            yield (
                "unknown_line",
                field,
                f"The contract has no line {event[field]} for this {kind}.",
                "Correct the line_id, or add the line.",
            )
    if kind in NEEDS_LINE and event["line_id"] is None:
        yield "no_line", "line_id", f"A {kind} names no line.", "Give its line_id."
    if kind == "option_exercise" and event["to_line_id"] is None:
        yield "no_line", "to_line_id", "The exercise names no new line.", "Give to_line_id."
    if kind in NEEDS_AMOUNT and event["amount"] is None:
        yield "no_amount", "amount", f"A {kind} has no amount.", "Give its amount."
    if kind in NEEDS_QUANTITY and event["quantity"] is None:
        yield "no_quantity", "quantity", f"A {kind} has no quantity.", "Give its quantity."
    if kind == "usage" and event["quantity"] is None and event["amount"] is None:
        yield (
            "no_quantity",
            "quantity",
            "A usage has neither quantity nor amount.",
            "Give the units used, or the charge already rated.",
        )
    if kind in POSITIVE and event["amount"] is not None and Decimal(event["amount"]) < 0:
        yield (
            "negative_amount",
            "amount",
            f"The amount of a {kind} is negative.",
            "Give it as a positive number; the type says its direction.",
        )


def _joining(case: Row, own: Row, defect: Defect) -> Iterator[Held]:
    joins = {
        (event[JOINS[event["type"]]], event["modification_id"])
        for event in own["events"]
        if event["type"] in JOINS
    }
    joined = {line_id for line_id, _ in joins}
    lines = {line["line_id"]: line for line in own["lines"]}
    for event in own["events"]:
        line = lines.get(event["line_id"])
        if event["type"] != "amendment_add" or line is None:
            continue
        if event["modification_id"] is None or line["modification_id"] != event["modification_id"]:
            yield defect(
                case, own, "wrong_modification", "events", event["event_id"], "modification_id",
                f"Line {line['line_id']} belongs to modification {line['modification_id']}, "
                f"the event to {event['modification_id']}.",
                "Give the line and its amendment_add the same modification_id.",
            )  # fmt: skip
    for line in own["lines"]:
        if line["modification_id"] is not None and line["line_id"] not in joined:
            yield defect(
                case, own, "never_added", "lines", line["line_id"], "modification_id",
                "No amendment_add or option_exercise brings this line into the contract.",
                "Add the event, or set modification_id to null.",
            )  # fmt: skip


def _order(case: Row, own: Row, defect: Defect) -> Iterator[Held]:
    days: dict[str, str] = {}
    before = ""
    for event in sorted(own["events"], key=lambda row: int(row["event_no"])):
        if event["on"] < before:
            yield defect(
                case, own, "out_of_order", "events", event["event_id"], "event_no",
                f"The event of {event['on']} follows one of {before}.",
                "Number events in the order of their dates.",
            )  # fmt: skip
        before = max(before, event["on"])
        name = event["modification_id"]
        if name is not None and days.setdefault(name, event["on"]) != event["on"]:
            yield defect(
                case, own, "two_dates", "events", event["event_id"], "on",
                f"Modification {name} has rows of {days[name]} and of {event['on']}.",
                "Give all rows of a modification one date.",
            )  # fmt: skip


def _quantities(case: Row, own: Row, defect: Defect) -> Iterator[Held]:
    left = {
        line["line_id"]: Decimal(line["quantity"])
        for line in own["lines"]
        if line["quantity"] is not None
    }
    for event in sorted(own["events"], key=lambda row: int(row["event_no"])):
        if event["type"] != "amendment_change" or event["quantity"] is None:
            continue
        name = event["line_id"]
        if name not in left:
            continue
        left[name] += Decimal(event["quantity"])
        if left[name] < 0:
            yield defect(
                case, own, "negative_quantity", "events", event["event_id"], "quantity",
                f"The change leaves {left[name]} of line {name}.",
                "Reduce by no more than the line has.",
            )  # fmt: skip


def _totals(case: Row, own: Row, defect: Defect) -> Iterator[Held]:
    estimated = {event["line_id"] for event in own["events"] if event["type"] == "expected_total"}
    moved = {
        event["line_id"]: event["event_id"]
        for event in own["events"]
        if event["type"] in {"progress", "redemption"}
    }
    for line in own["lines"]:
        name = line["line_id"]
        needs = line["pattern"] == "progress" or (
            line["pattern"] == "drawdown" and line["quantity"] is None
        )
        if needs and name in moved and name not in estimated:
            yield defect(
                case, own, "no_expected_total", "events", moved[name], "line_id",
                f"Line {name} has progress and no total that it is measured against.",
                "Add an expected_total event (drawdown: or the quantity sold).",
            )  # fmt: skip
