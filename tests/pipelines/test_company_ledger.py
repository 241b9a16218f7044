"""The embedded company's ledger: billing, revenue, reclassification and cash fit each other."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from pipelines.company import Company, build_company

CUSTOMERS = 60
ZERO = Decimal(0)
BY_HAND = ("Release of unclaimed deposits", "Revenue by hand")


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company(CUSTOMERS, 2)


@pytest.fixture(scope="module")
def headers(company: Company) -> dict[Any, dict[str, Any]]:
    return {row["id"]: row for row in company.netsuite["transaction"]}


@pytest.fixture(scope="module")
def accounts(company: Company) -> dict[Any, Any]:
    return {row["id"]: row["accttype"] for row in company.netsuite["account"]}


def balance(company: Company, accounts: dict[Any, Any], kind: str) -> Decimal:
    rows = company.netsuite["transactionaccountingline"]
    return sum((row["amount"] for row in rows if accounts[row["account"]] == kind), ZERO)


def in_cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def test_ledger_balances_are_the_answer_key_but_for_what_was_booked_by_hand(
    company: Company, accounts: dict[Any, Any], headers: dict[Any, dict[str, Any]]
) -> None:
    last = [row for row in company.answer_key.balances if row.period_name == "Dec 2025"]
    by_hand = sum(
        in_cents(row["amount"])
        for row in company.netsuite["transactionaccountingline"]
        if accounts[row["account"]] == "DeferRevenue"
        and (headers[row["transaction"]]["memo"] or "").startswith(BY_HAND)
    )
    assert by_hand > 0
    deferred = -in_cents(balance(company, accounts, "DeferRevenue"))
    assert deferred == sum(row.deferred_rpt_minor for row in last) - by_hand
    asset = in_cents(balance(company, accounts, "UnbilledRec"))
    assert asset == sum(row.asset_rpt_minor for row in last) > 0


def test_a_contract_has_deferred_revenue_or_a_contract_asset(company: Company) -> None:
    rows = company.answer_key.balances
    assert all(not (row.deferred_txn_minor and row.asset_txn_minor) for row in rows)
    assert all(not (row.deferred_rpt_minor and row.asset_rpt_minor) for row in rows)
    with_asset = {row.crm_contract_id for row in rows if row.asset_txn_minor}
    assert len(with_asset) > CUSTOMERS // 6


def test_every_line_of_a_bill_of_an_order_is_linked_to_what_it_was_made_from(
    company: Company, headers: dict[Any, dict[str, Any]]
) -> None:
    lines = {(row["transaction"], row["id"]): row for row in company.netsuite["transactionline"]}
    source = {
        (row["nextdoc"], row["nextline"]): (row["previousdoc"], row["previousline"])
        for row in company.netsuite["nexttransactionlinelink"]
        if row["linktype"] != "Payment"
    }
    sources: dict[str, int] = defaultdict(int)
    unlinked = []
    for key, line in lines.items():
        if headers[key[0]]["type"] not in {"CustInvc", "CustCred"} or line["mainline"]:
            continue
        if key not in source:
            unlinked.append(headers[key[0]]["memo"])
            continue
        made_from = lines[source[key]]
        assert made_from["item"] == line["item"]
        assert made_from["transaction"] == line["createdfrom"]
        sources[headers[made_from["transaction"]]["type"]] += 1
    # Credit memos of a concession or a rebate name their source on the line alone.
    assert set(unlinked) == {"Training on site", "Concession", "Volume rebate"}
    assert set(sources) == {"SalesOrd", "CustInvc"}


def test_the_first_year_was_posted_in_summary_mode(
    company: Company, headers: dict[Any, dict[str, Any]]
) -> None:
    sources: dict[Any, list[Any]] = defaultdict(list)
    for line in company.netsuite["transactionline"]:
        header = headers[line["transaction"]]
        if (header["memo"] or "").startswith("Revenue recognition"):
            sources[header["trandate"].year].append(line["createdfrom"])
    assert set(sources[2022]) == {None}
    assert None not in sources[2023]


def test_a_settled_bill_leaves_nothing_receivable(
    company: Company, accounts: dict[Any, Any]
) -> None:
    receivable: dict[Any, Decimal] = defaultdict(Decimal)
    for row in company.netsuite["transactionaccountingline"]:
        if accounts[row["account"]] == "AcctRec":
            receivable[row["transaction"]] += row["amount"]
    payments = [
        row for row in company.netsuite["nexttransactionlinelink"] if row["linktype"] == "Payment"
    ]
    assert len({row["previoustype"] for row in payments}) == 2
    for row in payments:
        assert receivable[row["previousdoc"]] + receivable[row["nextdoc"]] == 0
