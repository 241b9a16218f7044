"""Deals of the embedded company whose price varies after they were sold, and the rule of it."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from test_company import actual_rows, by_id, lines_with_elements, minor

from pipelines.company import Company, build_company
from pipelines.company.schedule import Entry, Meter, ratable, shortfalls
from pipelines.company.variable import Change, Rebate, moved

CUSTOMERS = 60
CODES = ("minimum_shortfall", "variable_estimate", "credit_memo")


@pytest.fixture(scope="module", params=[1, 2])
def company(request: pytest.FixtureRequest) -> Company:
    return build_company(CUSTOMERS, request.param)


def cumulative(company: Company, code: str) -> dict[str | None, int]:
    """CRM record -> minor units of a reason in the end."""
    result: dict[str | None, int] = defaultdict(int)
    for row in company.answer_key.reasons:
        if row.reason_code == code:
            result[row.crm_record_id] += row.amount_txn_minor
    return result


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_on_three_contracts(company: Company, code: str) -> None:
    assert len(cumulative(company, code)) >= 3


def test_a_month_is_charged_what_is_missing_to_its_minimum() -> None:
    meter = Meter(0, 10, ((date(2025, 1, 31), 30), (date(2025, 2, 15), 70)), minimum=500)
    entry = Entry(0, date(2025, 1, 1), date(2025, 3, 31), meter=meter)
    ends = [date(2025, 1, 30), date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
    assert [shortfalls(entry, day) for day in ends] == [0, 200, 200, 700]


def test_a_change_is_caught_up_as_if_it_had_always_been_so() -> None:
    entry = Entry(
        36_500, date(2025, 1, 1), date(2025, 12, 31), changes=(Change(date(2025, 7, 1), -3_650),)
    )
    # 181 days at 100, then at 90 from the first day on.
    assert ratable(entry, date(2025, 6, 30)) == 18_100
    assert ratable(entry, date(2025, 7, 1)) == 182 * 90
    assert ratable(entry, date(2025, 12, 31)) == 32_850


def test_a_settled_rebate_replaces_its_estimate() -> None:
    sold, settled = date(2025, 1, 5), date(2025, 9, 1)
    changes = tuple(Rebate(500, 400, settled).changes(123_456, sold))
    assert changes == (Change(sold, -6_173), Change(settled, 1_235))
    assert moved(changes, date(2025, 8, 31), is_credit=False) == -6_173
    assert moved(changes, settled, is_credit=False) == -4_938
    assert moved(changes, settled, is_credit=True) == 0


def test_the_answer_is_what_the_records_of_the_erp_say(company: Company) -> None:
    """Shortfalls are the charges without a quantity, credit memos those with an element."""
    header = by_id(company.netsuite["transaction"])
    symbols: dict[Any, Any] = {row["id"]: row["symbol"] for row in company.netsuite["currency"]}
    rebates = {
        line["revenueelement"]
        for line in lines_with_elements(company, "RtnAuth")
    }  # fmt: skip
    credited = sum(
        minor(line["foreignamount"], symbols[header[line["transaction"]]["currency"]])
        for line in lines_with_elements(company, "CustCred")
        if line["revenueelement"] not in rebates
    )
    assert sum(cumulative(company, "credit_memo").values()) == credited > 0
    short: dict[Any, int] = defaultdict(int)
    for charge in company.netsuite["charge"]:
        if charge["quantity"] is None:
            order = next(
                line["createdfrom"]
                for line in lines_with_elements(company, "CustInvc")
                if line["transaction"] == charge["invoice"]
            )
            short[order] += minor(charge["amount"], symbols[charge["currency"]])
    # One contract has a lower minimum in the ERP: the rest is a price mismatch.
    stated = sorted(-amount for amount in cumulative(company, "minimum_shortfall").values())
    assert len(stated) == len(short)
    assert sum(a != b for a, b in zip(stated, sorted(short.values()), strict=True)) <= 2
    assert sum(stated) > sum(short.values())


def test_an_element_of_a_change_plans_what_it_takes(company: Company) -> None:
    elements = by_id(company.netsuite["revenueelement"])
    header = by_id(company.netsuite["transaction"])
    rows = actual_rows(company)
    own = [
        line["revenueelement"]
        for kind in ("RtnAuth", "CustCred")
        for line in lines_with_elements(company, kind)
        if header[line["createdfrom"]]["type"] == "SalesOrd"
    ]
    assert len(own) == len(set(own)) >= 6
    for number in own:
        planned = sum(row["amount"] for row in rows[number])
        assert planned == elements[number]["allocationamount"] != 0
