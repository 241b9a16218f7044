"""The oracle itself: worked cases by hand, and what must hold for any contract.

The oracle is the yardstick of the differential test, so it is measured here against figures that
were computed by hand and against invariants on contracts that hypothesis draws.
"""

import json
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from case_differences import as_text
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import answer_case
from oracle.contract import Contract
from random_contracts import MOST_AMENDMENTS, random_case

from pipelines.cases.comparison import compare

CASES = [
    case
    for file in sorted(Path(__file__).with_name("cases").glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]
seeds = st.integers(min_value=0, max_value=10**6)
drawn = settings(max_examples=20, deadline=None, derandomize=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_oracle_agrees_with_figures_by_hand(case: dict[str, Any]) -> None:
    found = compare([case], [as_text(answer_case(case))])

    assert [str(difference) for difference in found.differences] == []
    assert sum(found.expected.values()) > 0


def replay(case: dict[str, Any]) -> Contract:
    return Contract(case, case["contracts"][0])


@drawn
@given(seeds)
def test_allocation_sums_to_the_price_after_every_change(seed: int) -> None:
    contract = replay(random_case(seed, MOST_AMENDMENTS))

    royalties = sum(
        Fraction(event["amount"]) for event in contract.events if event["type"] == "royalty"
    )
    estimates = sum(contract.estimates.values(), Fraction(0))
    allocated = sum(line.allocated() + line.own for line in contract.lines.values())
    assert allocated == contract.tcv + estimates + royalties


@drawn
@given(seeds)
def test_a_schedule_sums_to_the_allocation(seed: int) -> None:
    contract = replay(random_case(seed, MOST_AMENDMENTS))

    earned: Counter[str | None] = Counter()
    for posting in contract.postings:
        if posting.kind != "overage":
            earned[posting.line_id] += posting.amount
    for line in contract.lines.values():
        if line.timed:
            assert earned[line.line_id] == line.allocated()


@drawn
@given(seeds)
def test_an_amendment_never_rewrites_a_month_before_it(seed: int) -> None:
    case = random_case(seed, MOST_AMENDMENTS)
    contract = replay(case)
    names = [name for name in contract.snapshots if name is not None]
    if not names:
        return
    on = min(row["day"] for row in contract.events if row["modification_id"] == names[-1])
    before = replay(without_modification(case, names[-1]))

    assert monthly(contract, on.replace(day=1)) == monthly(before, on.replace(day=1))


def without_modification(case: dict[str, Any], name: str) -> dict[str, Any]:
    """The case without a modification, the lines it adds and what happens to them."""
    gone = {line["line_id"] for line in case["lines"] if line["modification_id"] == name}
    return {
        **case,
        "lines": [line for line in case["lines"] if line["line_id"] not in gone],
        "events": [
            event
            for event in case["events"]
            if event["modification_id"] != name and event["line_id"] not in gone
        ],
    }


def monthly(contract: Contract, before: Any) -> dict[tuple[str | None, int, int], Fraction]:
    found: Counter[tuple[str | None, int, int]] = Counter()
    for posting in contract.postings:
        on = posting.service_on
        if on < before:
            found[posting.line_id, on.year, on.month] += posting.amount
    return {key: amount for key, amount in found.items() if amount}
