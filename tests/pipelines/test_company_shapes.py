"""Deals of less common shapes in the embedded company: both systems tell the same of them."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from test_company import EXPONENTS, by_id, lines_with_elements, minor, roots

from pipelines.company import Company, build_company
from pipelines.company.allocation import shares
from pipelines.company.schedule import Entry, Meter, charges, earned

CUSTOMERS = 60


@pytest.fixture(scope="module", params=[1, 2])
def company(request: pytest.FixtureRequest) -> Company:
    return build_company(CUSTOMERS, request.param)


def items_of(company: Company, family: str) -> list[dict[str, Any]]:
    """Order items of a product family."""
    products = {r["Id"] for r in company.salesforce["Product2"] if r["Family"] == family}
    return [row for row in company.salesforce["OrderItem"] if row["Product2Id"] in products]


def elements_of(company: Company, rule: str) -> list[dict[str, Any]]:
    """Revenue elements of a recognition rule."""
    rows = company.netsuite["revenueelement"]
    return [row for row in rows if row["revenuerecognitionrule"] == rule]


def in_force(company: Company) -> dict[Any, dict[str, Any]]:
    """CRM order item id, 15 characters -> the sales order line that carries its key."""
    lines = lines_with_elements(company, "SalesOrd")
    keyed = [line for line in lines if line["custcol_sf_order_item_id"]]
    return {line["custcol_sf_order_item_id"][:15]: line for line in keyed}


def broken(company: Company, *codes: str) -> set[str | None]:
    return {row.crm_record_id for row in company.answer_key.planted if row.reason_code in codes}


def test_every_shape_is_sold(company: Company) -> None:
    for family in ("Licenses", "Support", "Usage", "Credits", "Analytics"):
        assert len(items_of(company, family)) >= 3, family
    free = [row for row in items_of(company, "Analytics") if not row["TotalPrice"]]
    assert len(free) >= 3
    assert all(row["SBQQ__SegmentIndex__c"] == 1 for row in free)
    metered = [row for row in items_of(company, "Usage") if not row["TotalPrice"]]
    assert 0 < len(metered) < len(items_of(company, "Usage"))


def test_allocation_shifts_revenue_between_lines_and_adds_none(company: Company) -> None:
    difference: dict[Any, Decimal] = defaultdict(Decimal)
    moved = 0
    for element in company.netsuite["revenueelement"]:
        shift = element["allocationamount"] - element["discountedsalesamount"]
        difference[element["revenuearrangement"]] += shift
        moved += shift != 0
    assert moved >= 10
    assert set(difference.values()) == {Decimal(0)}


def test_shares_follow_the_fair_values(company: Company) -> None:
    by_arrangement: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for element in company.netsuite["revenueelement"]:
        if element["fairvalue"] is not None:
            by_arrangement[element["revenuearrangement"]].append(element)
    assert by_arrangement
    symbols = {row["id"]: row["symbol"] for row in company.netsuite["currency"]}
    for elements in by_arrangement.values():
        total = sum(each["allocationamount"] for each in elements)
        value = sum(each["fairvalue"] for each in elements)
        unit = Decimal(1).scaleb(-EXPONENTS[symbols[elements[0]["currency"]]])
        for each in elements:
            exact = total * each["fairvalue"] / value
            assert abs(each["allocationamount"] - exact) < unit


def test_a_license_is_earned_on_its_first_day_and_its_support_over_the_term(
    company: Company,
) -> None:
    lost = broken(company, "missing_in_erp")
    months: dict[str, int] = defaultdict(int)
    for row in company.answer_key.expected:
        months[row.crm_record_id] += 1
    for item in items_of(company, "Licenses"):
        assert item["Id"] in lost or months[item["Id"]] == 1
        assert item["EndDate"] > item["ServiceDate"]
    assert all(months[item["Id"]] >= 12 for item in items_of(company, "Support"))
    licenses = elements_of(company, "Point in time")
    assert all(row["revrecstartdate"] == row["revrecenddate"] for row in licenses)


def test_free_months_earn_their_share_of_the_price(company: Company) -> None:
    expected: dict[str, int] = defaultdict(int)
    for row in company.answer_key.expected:
        expected[row.crm_record_id] += row.expected_txn_minor
    priced: dict[str, list[Any]] = defaultdict(list)
    for item in items_of(company, "Analytics"):
        priced[item["SBQQ__Contract__c"]].append(item)
    free = [items for items in priced.values() if any(not i["TotalPrice"] for i in items)]
    assert free
    for items in free:
        total = sum(expected[item["Id"]] for item in items)
        first = min(items, key=lambda item: item["ServiceDate"])
        # Three months of twelve at the same price.
        assert abs(expected[first["Id"]] * 4 - total) <= 4


def test_usage_lies_within_the_service_dates_of_one_line(company: Company) -> None:
    header = by_id(company.netsuite["transaction"])
    lines = [
        (header[line["transaction"]]["entity"], line["item"], line["custcol_service_start_date"],
         line["custcol_service_end_date"])
        for line in lines_with_elements(company, "SalesOrd")
    ]  # fmt: skip
    for row in company.netsuite["usage"]:
        assert row["usagequantity"] > 0
        assert row["usagedate"] <= company.as_of
        found = [
            line
            for line in lines
            if line[:2] == (row["customer"], row["item"]) and line[2] <= row["usagedate"] <= line[3]
        ]
        assert len(found) == 1


def test_charges_invoices_and_elements_state_one_amount(company: Company) -> None:
    header = by_id(company.netsuite["transaction"])
    elements = by_id(company.netsuite["revenueelement"])
    lines = {line["transaction"]: line for line in lines_with_elements(company, "CustInvc")}
    assert company.netsuite["charge"]
    for charge in company.netsuite["charge"]:
        line = lines[charge["invoice"]]
        assert charge["amount"] == -line["foreignamount"]
        # What is missing to a minimum is an amount without a price.
        if charge["quantity"] is not None:
            assert charge["amount"] == charge["quantity"] * charge["rate"]
        assert elements[line["revenueelement"]]["allocationamount"] == charge["amount"]
        assert header[charge["invoice"]]["trandate"] == charge["serviceenddate"]
        order = header[line["createdfrom"]]
        assert (order["type"], order["entity"]) == ("SalesOrd", line["entity"])


def test_metered_revenue_is_what_was_used_at_the_price_of_the_quote(company: Company) -> None:
    header = by_id(company.netsuite["transaction"])
    quotes = by_id(company.salesforce["SBQQ__QuoteLine__c"])
    expected: dict[str, int] = defaultdict(int)
    for row in company.answer_key.expected:
        expected[row.crm_record_id] += row.expected_txn_minor
    lines = in_force(company)
    metered = [item for item in items_of(company, "Usage") if not item["TotalPrice"]]
    for item in (each for each in metered if each["Monthly_Minimum__c"] is None):
        line = lines[item["Id"][:15]]
        customer = header[line["transaction"]]["entity"]
        units = sum(
            row["usagequantity"]
            for row in company.netsuite["usage"]
            if (row["customer"], row["item"]) == (customer, line["item"])
        )
        price = quotes[item["SBQQ__QuoteLine__c"]]["SBQQ__NetPrice__c"]
        assert expected[item["Id"]] == minor(units * price, item["CurrencyIsoCode"]) > 0


def test_a_wrong_price_of_use_shows_with_the_first_charge(company: Company) -> None:
    metered = {
        item["Id"]
        for item in items_of(company, "Usage")
        if not item["TotalPrice"] and item["Monthly_Minimum__c"] is None
    }
    planted = [
        row
        for row in company.answer_key.planted
        if row.reason_code == "price_mismatch" and row.crm_record_id in metered
    ]
    assert len(planted) == 1
    used = [
        row.period_name
        for row in company.answer_key.reasons
        if (row.crm_record_id, row.reason_code) == (planted[0].crm_record_id, "usage_overage")
    ]
    assert planted[0].period_name in used
    assert planted[0].amount_txn_minor < 0


def test_a_commitment_whose_term_is_over_is_used_up(company: Company) -> None:
    expected: dict[str, int] = defaultdict(int)
    for row in company.answer_key.expected:
        expected[row.crm_record_id] += row.expected_txn_minor
    over = [
        item
        for item in items_of(company, "Usage")
        if item["TotalPrice"] and item["EndDate"] <= company.as_of
    ]
    assert over
    for item in over:
        assert expected[item["Id"]] >= minor(item["TotalPrice"], item["CurrencyIsoCode"])


def test_credits_left_on_their_last_day_lapse_into_revenue(company: Company) -> None:
    lapsed: dict[tuple[str | None, str], int] = defaultdict(int)
    for row in company.answer_key.reasons:
        lapsed[row.crm_record_id, row.reason_code] += row.amount_txn_minor
    expired = [i for i in items_of(company, "Credits") if i["EndDate"] <= company.as_of]
    assert expired
    for item in expired:
        unused = lapsed[item["Id"], "credits_unused"]
        assert unused > 0
        assert unused + lapsed[item["Id"], "breakage"] == 0
        assert lapsed[item["Id"], "not_yet_delivered"] == 0
    running = [i for i in items_of(company, "Credits") if i["EndDate"] > company.as_of]
    assert all(lapsed[item["Id"], "credits_unused"] == 0 for item in running)


def test_an_early_renewal_begins_when_the_old_contract_is_ended(company: Company) -> None:
    contracts = by_id(company.salesforce["Contract"])
    deals = [o for o in company.salesforce["Opportunity"] if o["SBQQ__RenewedContract__c"]]
    starts = {row["OpportunityId"]: row["EffectiveDate"] for row in company.salesforce["Order"]}
    ended: dict[Any, set[date]] = defaultdict(set)
    for item in company.salesforce["OrderItem"]:
        if item["SBQQ__ContractAction__c"] == "Cancel":
            ended[item["SBQQ__Contract__c"]].add(item["ServiceDate"])
    early = [
        deal
        for deal in deals
        if starts[deal["Id"]] <= contracts[deal["SBQQ__RenewedContract__c"]]["EndDate"]
    ]
    assert len(early) >= 2
    for deal in early:
        assert ended[deal["SBQQ__RenewedContract__c"]] == {starts[deal["Id"]]}


def test_a_swap_ends_one_product_and_adds_another_in_one_order(company: Company) -> None:
    actions: dict[Any, set[str]] = defaultdict(set)
    for item in company.salesforce["OrderItem"]:
        actions[item["OrderId"]].add(item["SBQQ__ContractAction__c"])
    assert sum(found == {"Cancel", "Add"} for found in actions.values()) >= 2


def test_reasons_of_allocation_and_lapse_net_to_zero(company: Company) -> None:
    root_of = roots(company)
    contract_of = {
        root_of[item["Id"]]: item["SBQQ__Contract__c"] for item in company.salesforce["OrderItem"]
    }
    carved: dict[Any, int] = defaultdict(int)
    for row in company.answer_key.reasons:
        if row.reason_code in ("allocation_ssp", "allocation_mismatch"):
            carved[contract_of[str(row.crm_record_id)], row.period_name, row.reason_code] += (
                row.amount_txn_minor
            )
    assert len(carved) >= 10
    assert set(carved.values()) == {0}


def test_shares_are_cut_and_the_rest_goes_to_the_largest_parts() -> None:
    assert shares(100, [Fraction(1)] * 3) == [34, 33, 33]
    assert shares(10, [Fraction(1), Fraction(2), Fraction(3)]) == [2, 3, 5]
    assert shares(0, [Fraction(1), Fraction(1)]) == [0, 0]


def test_use_draws_down_what_was_paid_and_charges_the_rest() -> None:
    day = [date(2024, month, 1) for month in (1, 2, 3)]
    uses = ((day[0], 30), (day[1], 50), (day[2], 40))
    commitment = Entry(999, day[0], day[2], meter=Meter(100, 7, uses))
    assert [earned([commitment], each)[0] for each in day] == [300, 799, 999]
    assert [charges(commitment, each) for each in day] == [0, 0, 140]
    credit = Entry(1000, day[0], day[2], meter=Meter(200, 0, uses, lapses=True))
    assert [earned([credit], each)[0] for each in day] == [150, 400, 1000]
    assert credit.lapsed(day[1]) == 0
    assert credit.lapsed(day[2]) == 400
    later = Entry(1000, day[0], date(2027, 1, 1), meter=Meter(200, 0, uses, lapses=True))
    assert earned([later], date(2028, 1, 1)) == [600]
