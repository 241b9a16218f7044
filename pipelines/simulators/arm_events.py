"""Events of advanced revenue management: arrangements, elements, plans and their journals."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from pipelines.simulators.org import NetSuiteOrg

CENT: Final = Decimal("0.01")
Record = dict[str, Any]


def next_id(org: NetSuiteOrg, table: str, column: str = "id") -> int:
    """A number above all that the table has, and above any handed out before."""
    found = org.rows(f'SELECT max("{column}")::VARCHAR FROM "{table}"')[0][0]
    return int(found or 0) + next(org.serial)


def stamped(org: NetSuiteOrg, table: str) -> Record:
    """The stamps of a record of this table that is made now."""
    columns = ("createddate", "lastmodifieddate", "linelastmodifieddate")
    return {name: org.clock.now for name in columns if name in org.tables[table]}


def add(org: NetSuiteOrg, table: str, values: Record, **own: Any) -> Record:
    """Add a record with the next id, stamped now."""
    row = {**values, "id": next_id(org, table), **stamped(org, table), **own}
    org.load(table, [row])
    return row


def copy_planned(org: NetSuiteOrg, plan: int, to: int, **own: Any) -> None:
    """Give a plan the planned rows of another one."""
    for row in org.records("revenueplanplannedrevenue", f"revenueplan = {plan}"):
        add(org, "revenueplanplannedrevenue", row, revenueplan=to, **own)


def change_planned(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """A cent moves between the last two planned rows of a plan; nothing has a stamp for it."""
    for plan in org.records("revenueplan", "revenueplantype = 'ACTUAL'"):
        rows = org.records("revenueplanplannedrevenue", f"revenueplan = {plan['id']}")
        if len(rows) > 1:
            for row, cent in zip(rows[-2:], (CENT, -CENT), strict=True):
                changed = {"amount": row["amount"] + cent}
                org.update("revenueplanplannedrevenue", row["id"], changed, stamp=False)
            return


def add_forecast(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """The first ACTUAL plan gets one more FORECAST twin: same amounts, never recognized."""
    if found := org.records("revenueplan", "revenueplantype = 'ACTUAL'"):
        twin = add(org, "revenueplan", found[0], revenueplantype="FORECAST")
        none = {"isrecognized": False, "journal": None, "postingperiod": None, "dateexecuted": None}
        copy_planned(org, found[0]["id"], twin["id"], **none)


def merge_prospectively(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """An amendment: the old element keeps what was recognized, a new arrangement takes the rest.

    Planned rows that were not recognized leave the old plan, and plans not begun are deleted.
    """
    for element in org.records("revenueelement"):
        plans = org.records("revenueplan", f"createdfrom = {element['id']}")
        actual = next((plan for plan in plans if plan["revenueplantype"] == "ACTUAL"), None)
        if actual is None:
            continue
        rows = org.records("revenueplanplannedrevenue", f"revenueplan = {actual['id']}")
        done = sum((row["amount"] for row in rows if row["isrecognized"] == "T"), Decimal(0))
        if not 0 < done < actual["amount"]:
            continue
        rest = actual["amount"] - done
        successor = add(
            org, "revenueelement", element, revenuearrangement=_arrangement(org, element),
            discountedsalesamount=rest, allocationamount=rest, elementdate=org.clock.now.date(),
        )  # fmt: skip
        plan = add(org, "revenueplan", actual, createdfrom=successor["id"], amount=rest)
        for row in rows:
            if row["isrecognized"] != "T":
                org.update("revenueplanplannedrevenue", row["id"], {"revenueplan": plan["id"]})
        for other in plans:
            if other["revenueplantype"] != "ACTUAL":
                org.delete("revenueplan", other["id"])
        org.update("revenueplan", actual["id"], {"amount": done, "statusfordisplay": "COMPLETED"})
        amounts = {"discountedsalesamount": done, "allocationamount": done}
        org.update("revenueelement", element["id"], amounts)
        return


def merge_retrospectively(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """Elements move to a new arrangement; the old one stays, empty."""
    if found := org.records("revenueelement"):
        arrangement = _arrangement(org, found[0])
        for element in found:
            if element["revenuearrangement"] == found[0]["revenuearrangement"]:
                org.update("revenueelement", element["id"], {"revenuearrangement": arrangement})


def approve_order(org: NetSuiteOrg, _table: str, hours: int) -> None:
    """A copy of the first order is approved; its arrangement follows `hours` later."""
    for element in org.records("revenueelement", "sourcerecordtype = 'salesorder'"):
        if order := org.records("transaction", f"id = {element['referenceid']}"):
            approved = _copy_transaction(org, order[0], tranid=f"SO-{next(org.serial)}")
            due = org.clock.now + timedelta(hours=hours)
            org.clock.at(due, partial(_arrange, org, element, approved))
            return


def _arrange(org: NetSuiteOrg, like: Record, order: Record) -> None:
    element = add(
        org, "revenueelement", like, revenuearrangement=_arrangement(org, like),
        source=f"Sales Order #{order['tranid']}", referenceid=str(order["id"]),
    )  # fmt: skip
    for plan in org.records("revenueplan", f"createdfrom = {like['id']}"):
        made = add(org, "revenueplan", plan, createdfrom=element["id"])
        copy_planned(org, plan["id"], made["id"], isrecognized=False, journal=None)


def post_late(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """A planned row whose period is closed is recognized in the next one: planned is not posted."""
    actual = "revenueplan IN (SELECT id FROM revenueplan WHERE revenueplantype = 'ACTUAL')"
    closed = "plannedperiod IN (SELECT id FROM accountingperiod WHERE closed = 'T')"
    rows = org.records("revenueplanplannedrevenue", f"{actual} AND {closed}")
    later = org.records("accountingperiod", "isposting = 'T' AND closed = 'F'")
    if rows and later:
        posted = {**rows[-1], "postingperiod": later[0]["id"], "isrecognized": True}
        posted["dateexecuted"] = later[0]["startdate"]
        posted["journal"] = add_journal(org, posted, posted["amount"], memo="Late recognition")
        org.update("revenueplanplannedrevenue", posted["id"], posted)


def add_journal(org: NetSuiteOrg, planned: Record, amount: Decimal, memo: str) -> int:
    """A journal in base currency that takes an amount from deferred revenue to revenue."""
    journal = add(
        org, "transaction", {}, type="Journal", posting=True, memo=memo, currency=1,
        exchangerate=Decimal(1), foreigntotal=amount, trandate=org.clock.now.date(),
        postingperiod=planned["postingperiod"], voided=False, isreversal=False,
    )  # fmt: skip
    org.update("transaction", journal["id"], {"tranid": f"JE{journal['id']}"})
    sides = ((planned["deferredrevenueaccount"], amount), (planned["recognitionaccount"], -amount))
    for number, (account, debit) in enumerate(sides):
        add_journal_line(org, journal["id"], number, account, debit)
    return int(journal["id"])


def add_journal_line(
    org: NetSuiteOrg, journal: int, number: int, account: int, amount: Decimal
) -> None:
    """One line of a journal with its accounting line; a negative amount is a credit."""
    key = {"transaction": journal, "id": number, "linesequencenumber": number}
    org.load("transactionline", [{
        **key, "uniquekey": next_id(org, "transactionline", "uniquekey"), "mainline": False,
        "taxline": False, "netamount": amount, "foreignamount": amount, "isclosed": False,
        "subsidiary": 1, **stamped(org, "transactionline"),
    }])  # fmt: skip
    org.load("transactionaccountingline", [{
        "transaction": journal, "transactionline": number, "accountingbook": 1,
        "account": account, "amount": amount, "debit": amount if amount > 0 else None,
        "credit": -amount if amount <= 0 else None, "posting": True, "exchangerate": Decimal(1),
        **stamped(org, "transactionaccountingline"),
    }])  # fmt: skip


def _arrangement(org: NetSuiteOrg, element: Record) -> int:
    """A new arrangement like that of an element."""
    found = org.records("transaction", f"id = {element['revenuearrangement']}")
    tranid = f"RA-{next(org.serial)}"
    return int(_copy_transaction(org, found[0] if found else {}, tranid=tranid)["id"])


def _copy_transaction(org: NetSuiteOrg, like: Record, **own: Any) -> Record:
    made = add(org, "transaction", like, **own)
    for line in org.records("transactionline", f'"transaction" = {like.get("id", -1)}'):
        key = {"transaction": made["id"], "uniquekey": next_id(org, "transactionline", "uniquekey")}
        org.load("transactionline", [{**line, **key, **stamped(org, "transactionline")}])
    return made
