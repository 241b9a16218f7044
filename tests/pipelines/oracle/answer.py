"""The oracle's answer to a case, in the shape of a result file; amounts are fractions."""

from datetime import date
from fractions import Fraction
from typing import Any

from oracle.balances import Ledger, balances, layers, rate
from oracle.contract import Contract
from oracle.lines import day

ZERO = Fraction(0)


def answer_case(case: dict) -> dict[str, Any]:
    """Every list of the result, every row that can be asked for."""
    result: dict[str, Any] = {
        "id": case["id"],
        **{
            name: []
            for name in (
                "allocation",
                "revenue",
                "balances",
                "modifications",
                "bookings",
                "invoices",
            )
        },
    }
    for row in case["contracts"]:
        contract = Contract(case, row)
        for name, rows in (
            ("allocation", allocation(contract)),
            ("revenue", revenue(contract)),
            ("balances", balance_rows(case, row)),
            ("modifications", modifications(contract)),
            ("bookings", bookings(contract)),
            ("invoices", invoices(contract)),
        ):
            result[name] += [{"contract_id": row["contract_id"], **found} for found in rows]
    return result


def allocation(contract: Contract) -> list[dict]:
    rows = []
    at_order = contract.policy["fx"] == "order_rate"
    order_rate = rate(contract, contract.signed_on) if at_order else ZERO
    for name, snapshot in contract.snapshots.items():
        total = {"contract": ZERO, "functional": ZERO}
        for line_id in contract.rows:
            amount = snapshot.allocation.get(line_id, ZERO)
            amounts = {"contract": amount}
            if at_order:
                amounts["functional"] = contract.money.round(amount * order_rate)
            for basis, value in amounts.items():
                total[basis] += value
                rows.append(
                    {"line_id": line_id, "modification_id": name, "basis": basis, "amount": value}
                )
        for basis in amounts:
            rows.append(
                {"line_id": None, "modification_id": name, "basis": basis, "amount": total[basis]}
            )
    return rows


def revenue(contract: Contract) -> list[dict]:
    ledger = Ledger(contract)
    rows = []
    postings = [
        (posting.line_id, posting.service_on, posting.amount, "contract")
        for posting in contract.postings
    ]
    if contract.policy["fx"] == "historical":
        postings += [
            (posting.line_id, posting.service_on, worth, "functional")
            for posting, worth in layers(contract, date.max)[0]
        ]
    if contract.policy["fx"] == "order_rate":
        postings += order_rate_postings(contract)
    bases = ["contract"] if contract.policy["fx"] == "none" else ["contract", "functional"]
    for period in contract.case["ask"]["periods"]:
        start, end = day(period["starts_on"]), day(period["ends_on"])
        for line_id in [None, *contract.rows]:
            for basis in bases:
                for view in ("posted", "service"):
                    amount = sum(
                        (
                            amount
                            for of_line, service_on, amount, of_basis in postings
                            if of_basis == basis
                            and line_id in {None, of_line}
                            and start
                            <= (service_on if view == "service" else ledger.posted_on(service_on))
                            <= end
                        ),
                        ZERO,
                    )
                    rows.append(
                        {
                            "period_id": period["period_id"],
                            "line_id": line_id,
                            "basis": basis,
                            "view": view,
                            "amount": amount,
                        }
                    )
    return rows


def order_rate_postings(contract: Contract) -> list[tuple]:
    """Revenue to date of each line at the order's rate, in differences."""
    order_rate = rate(contract, contract.signed_on)
    earned: dict[str | None, Fraction] = {}
    rows = []
    for posting in sorted(contract.postings, key=lambda posting: posting.service_on):
        before = earned.get(posting.line_id, ZERO)
        earned[posting.line_id] = before + posting.amount
        worth = contract.money.round(earned[posting.line_id] * order_rate)
        worth -= contract.money.round(before * order_rate)
        rows.append((posting.line_id, posting.service_on, worth, "functional"))
    return rows


def balance_rows(case: dict, row: dict) -> list[dict]:
    rows = []
    for asked in sorted({asked["as_of"] for asked in case["ask"]["as_of"]}):
        on = date.fromisoformat(asked)
        contract = Contract(case, row, upto=on)
        rows += [
            {"as_of": asked, **found} for found in balances(contract, on, case["ask"]["periods"])
        ]
    return rows


def modifications(contract: Contract) -> list[dict]:
    return [
        {
            "modification_id": name,
            "treatment": snapshot.treatment,
            "catch_up": snapshot.catch_up,
        }
        for name, snapshot in contract.snapshots.items()
        if name is not None
    ]


def bookings(contract: Contract) -> list[dict]:
    rows = []
    money = contract.money

    def add(measure: str, amount: Fraction, **where: str | None) -> None:
        rows.append(
            {
                "modification_id": None,
                "line_id": None,
                "period_id": None,
                **where,
                "measure": measure,
                "amount": money.round(amount),
            }
        )

    for line_id, price in contract.prices.items():
        add("price", price, line_id=line_id)
    add("transaction_price", contract.transaction_price)
    before: dict[str, Fraction] = {}
    for name, snapshot in contract.snapshots.items():
        add("tcv", snapshot.tcv, modification_id=name)
        add("arr", snapshot.arr, modification_id=name)
        add("mrr", snapshot.arr / 12, modification_id=name)
        if name is not None:
            add("tcv_delta", snapshot.delta, modification_id=name)
    for name, snapshot in contract.snapshots.items():
        for period in contract.case["ask"]["periods"]:
            start, end = day(period["starts_on"]), day(period["ends_on"])
            value = sum(
                (
                    piece.value
                    for _, stretches in snapshot.stated
                    for stretch in stretches
                    if (piece := stretch.within(start, end))
                ),
                ZERO,
            )
            add("tcv", value, modification_id=name, period_id=period["period_id"])
            if name is not None:
                delta = value - before[period["period_id"]]
                add("tcv_delta", delta, modification_id=name, period_id=period["period_id"])
            before[period["period_id"]] = value
    return rows


def invoices(contract: Contract) -> list[dict]:
    rows = []

    def add(measure: str, amount: Fraction, **where: str | None) -> None:
        rows.append(
            {
                "modification_id": None,
                "line_id": None,
                "period_id": None,
                **where,
                "measure": measure,
                "amount": amount,
            }
        )

    for period in contract.case["ask"]["periods"]:
        start, end = day(period["starts_on"]), day(period["ends_on"])
        name = period["period_id"]
        used = {
            line.line_id: sum(
                (
                    amount
                    for line_id, on, amount in contract.usage_charges
                    if line_id == line.line_id and start <= on <= end
                ),
                ZERO,
            )
            for line in contract.lines.values()
            if line.pattern == "usage"
        }
        short = sum((amount for on, amount in contract.true_ups if start <= on <= end), ZERO)
        for line_id, amount in used.items():
            add("usage", amount, period_id=name, line_id=line_id)
        add("usage", sum(used.values(), ZERO), period_id=name)
        add("true_up", short, period_id=name)
        add("total", sum(used.values(), ZERO) + short, period_id=name)
    for name, snapshot in contract.snapshots.items():
        if name is not None and snapshot.signed:
            for line_id, amount in snapshot.signed.items():
                add("proration", amount, modification_id=name, line_id=line_id)
            add("proration", sum(snapshot.signed.values(), ZERO), modification_id=name)
    return rows
