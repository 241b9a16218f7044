"""What a case file may not contain is named, and only the contract it concerns is held."""

import json
from pathlib import Path
from typing import Any

import pytest
from case_rows import case, contract, event, line

from pipelines.cases.checks import check
from pipelines.cases.held import Checked
from pipelines.cases.schema import read_cases
from pipelines.errors import TieoutError

YEAR = {"pattern": "ratable", "starts_on": "2025-01-01", "ends_on": "2025-12-31"}
GOOD = line(1, price="100.00", ssp="100.00")
OTHER = line(2, line_id="OTHER", contract_id="K2", price="10.00", ssp="10.00")


def checked(folder: Path, *cases: Any) -> Checked:
    file = folder / "cases.json"
    file.write_text(json.dumps(list(cases)), encoding="utf-8")
    return check(read_cases(file))


@pytest.mark.parametrize(
    ("lines", "events", "code", "field"),
    [
        (
            [line(1, price="1.00", pattern="ratable", ends_on="2025-12-31")],
            [],
            "no_dates",
            "starts_on",
        ),
        (
            [line(1, price="1.00", **{**YEAR, "ends_on": "2024-12-31"})],
            [],
            "dates_reversed",
            "ends_on",
        ),
        (
            [GOOD],
            [event(1, "amendment_change", "2025-02-01", line_id="9")],
            "unknown_line",
            "line_id",
        ),
        ([GOOD], [event(1, "delivery", "2025-02-01")], "no_line", "line_id"),
        ([GOOD], [event(1, "cash", "2025-02-01")], "no_amount", "amount"),
        ([GOOD], [event(1, "cash", "2025-02-01", amount="-1.00")], "negative_amount", "amount"),
        (
            [line(1, price="1.00", quantity="5")],
            [
                event(
                    1,
                    "amendment_change",
                    "2025-02-01",
                    line_id="1",
                    modification_id="M",
                    quantity="-6",
                )
            ],
            "negative_quantity",
            "quantity",
        ),
        ([GOOD, line(2, price="1.00")], [], "no_ssp", "ssp"),
        (
            [GOOD, line(2, price="1.00", ssp="1.00", modification_id="M")],
            [],
            "never_added",
            "modification_id",
        ),
        (
            [GOOD, line(2, price="1.00", modification_id="M")],
            [event(1, "amendment_add", "2025-02-01", line_id="2", modification_id="N")],
            "wrong_modification",
            "modification_id",
        ),
        (
            [GOOD],
            [
                event(1, "cash", "2025-02-01", amount="1.00"),
                event(2, "cash", "2025-01-01", amount="1.00"),
            ],
            "out_of_order",
            "event_no",
        ),
        (
            [GOOD],
            [
                event(1, "price_estimate", "2025-02-01", amount="1.00", modification_id="R"),
                event(2, "price_estimate", "2025-03-01", amount="1.00", modification_id="R"),
            ],
            "two_dates",
            "on",
        ),
        (
            [line(1, price="1.00", tier_mode="volume", pattern="usage")],
            [],
            "no_rate_bands",
            "tier_mode",
        ),
        (
            [line(1, price="1.00", pattern="progress")],
            [event(1, "progress", "2025-02-01", line_id="1", quantity="1")],
            "no_expected_total",
            "line_id",
        ),
        ([GOOD, line(2, line_id="1", price="1.00", ssp="1.00")], [], "duplicate", "line_id"),
        ([line(1, price="1.00", ssp="0.12345678901")], [], "number_too_long", "ssp"),
        ([line(1, price="1.00", starts_on="0225-01-01")], [], "date_out_of_range", "starts_on"),
        ([line(1, price="1.00", pattern="yearly")], [], "off_schema", "pattern"),
        ([line(1, price="1.00", starts_on="2025-02-30")], [], "off_schema", "starts_on"),
        ([line(1, price=1)], [], "off_schema", "price"),
    ],
)
def test_a_contract_that_is_off_is_held_and_the_others_go_on(
    tmp_path: Path, lines: list[Any], events: list[Any], code: str, field: str
) -> None:
    two = case(
        "A",
        contracts=[contract(), contract(contract_id="K2")],
        lines=[*lines, OTHER],
        events=events,
    )

    read = checked(tmp_path, two)

    assert {(held.case_id, held.contract_id, held.code) for held in read.held} == {
        ("A", "K1", code)
    }
    assert field in {held.field for held in read.held}
    assert all(held.message and held.fix for held in read.held)
    assert [row["contract_id"] for row in read.cases[0]["contracts"]] == ["K2"]
    assert [row["line_id"] for row in read.cases[0]["lines"]] == ["OTHER"]


def test_a_case_that_is_off_is_held_and_the_others_go_on(tmp_path: Path) -> None:
    unknown_value = case("A", lines=[GOOD], policy={"proration": "weekly"})
    twice = case("B", lines=[GOOD])
    no_table = {name: rows for name, rows in case("C", lines=[GOOD]).items() if name != "costs"}
    stray = case("D", lines=[GOOD, OTHER])

    read = checked(tmp_path, unknown_value, twice, twice, no_table, stray, case("E", lines=[GOOD]))

    assert [(held.case_id, held.code) for held in read.held] == [
        ("A", "off_schema"),
        ("B", "duplicate"),
        ("C", "off_schema"),
        ("D", "unknown_contract"),
    ]
    assert "weekly" in read.held[0].message
    assert "daily" in read.held[0].fix
    assert read.held[0].field == "proration"
    assert [kept["id"] for kept in read.cases] == ["B", "E"]


@pytest.mark.parametrize("text", ["{}", "not json", ""])
def test_a_file_that_is_no_list_of_cases_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(TieoutError, match="case file"):
        read_cases(file)
