"""Events in a NetSuite account: what people and jobs do to records while a load reads them.

Each happens before the request it befalls is answered. Where no record fits, nothing happens.
Those of revenue arrangements are in `arm_events`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from pipelines.simulators import arm_events as arm
from pipelines.simulators.arm_events import next_id
from pipelines.simulators.kinds import SUITEQL, Kind
from pipelines.simulators.netsuite import NetSuiteApi
from pipelines.simulators.org import RECORD_TYPES, NetSuiteOrg
from pipelines.simulators.web import Api, Call, Handler

SHORT_ID: Final = 15
SECOND_BOOK: Final = 2
# Tables with a row per accounting book, and their own numeric key (None: the book is part of it).
BOOK_TABLES: Final = {
    "transactionaccountingline": None,
    "revenueelement": "id",
    "revenueplan": "id",
}

Event = Callable[[NetSuiteOrg, str, int], None]


def remove_line(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """The last line of the first order leaves it, with its accounting lines."""
    lines = org.records("transactionline", "mainline = 'F'")
    if lines:
        order = lines[0]["transaction"]
        remove_line_of(org, order, max(x["id"] for x in lines if x["transaction"] == order))


def remove_line_of(org: NetSuiteOrg, transaction: int, line: int) -> None:
    """Remove a line; saving the order moves its header's stamp."""
    org.remove("transactionline", (transaction, line))
    condition = f'"transaction" = {transaction} AND transactionline = {line}'
    for row in org.records("transactionaccountingline", condition):
        org.remove("transactionaccountingline", (transaction, line, row["accountingbook"]))
    if org.records("transaction", f"id = {transaction}"):
        org.update("transaction", transaction, {})


def delete_record(org: NetSuiteOrg, table: str, _value: int) -> None:
    """The first record of a table; deletedrecord keeps its number."""
    if table in RECORD_TYPES and (found := org.records(table)):
        org.delete(table, found[0]["id"])


def clear_stamp(org: NetSuiteOrg, table: str, _value: int) -> None:
    """An accounting line that nobody has touched for years has no stamp."""
    if found := org.records(table, "lastmodifieddate IS NOT NULL"):
        row = found[0]
        key = (row["transaction"], row["transactionline"], row["accountingbook"])
        org.update(table, key, {"lastmodifieddate": None}, stamp=False)


def open_second_book(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """A second accounting book, not the primary one, repeats every posting, element and plan."""
    if org.records("accountingbook", f"id = {SECOND_BOOK}"):
        return
    org.load("accountingbook", [{"id": SECOND_BOOK, "name": "IFRS Book", "isprimary": False}])
    elements: dict[int, int] = {}
    for table, key in BOOK_TABLES.items():
        for row in org.records(table, "accountingbook = 1"):
            copy: dict[str, Any] = {**row, "accountingbook": SECOND_BOOK}
            if key:
                copy[key] = next_id(org, table)
            if table == "revenueelement":
                elements[row["id"]] = copy["id"]
            if table == "revenueplan":
                copy["createdfrom"] = elements.get(row["createdfrom"])
            org.load(table, [copy | arm.stamped(org, table)])
            if table == "revenueplan":
                arm.copy_planned(org, row["id"], copy["id"])


def summarize_journal(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """The first journal with many lines is posted as one line per account: no line names a plan."""
    for journal in org.records("transaction", "type = 'Journal'"):
        posted = org.records("transactionaccountingline", f'"transaction" = {journal["id"]}')
        totals: dict[int, Any] = {}
        for row in posted:
            totals[row["account"]] = totals.get(row["account"], 0) + row["amount"]
        if len(posted) > len(totals):
            for line in org.records("transactionline", f'"transaction" = {journal["id"]}'):
                remove_line_of(org, journal["id"], line["id"])
            for number, (account, amount) in enumerate(sorted(totals.items())):
                arm.add_journal_line(org, journal["id"], number, account, amount)
            return


def post_by_hand(org: NetSuiteOrg, _table: str, _value: int) -> None:
    """A journal between deferred revenue and revenue that belongs to no plan."""
    planned = org.records("revenueplanplannedrevenue", "isrecognized = 'T'")
    if planned:
        arm.add_journal(org, planned[-1], planned[-1]["amount"], memo="Manual reclassification")


def shorten_id(org: NetSuiteOrg, table: str, _value: int) -> None:
    """An integration writes a Salesforce id with 15 characters where 18 are usual."""
    for row in org.records("customer", f"length(externalid) > {SHORT_ID}"):
        org.update(table, row["id"], {"externalid": row["externalid"][:SHORT_ID]})
        return


def _play(event: Event, api: Api, call: Call, handler: Handler, value: int) -> Response:
    if isinstance(api, NetSuiteApi) and (table := api.org.table(api.object_of(call))):
        event(api.org, table, value)
    return handler(call)


def _kind(name: str, event: Event, *objects: str, value: int = 0, drawn: bool = True) -> Kind:
    play = partial(_play, event)
    return Kind("netsuite", name, SUITEQL, play, value, drawn=drawn, objects=objects)


ERP_EVENTS: Final = (
    _kind("line_removed", remove_line, "transactionline"),
    _kind("record_deleted", delete_record, *RECORD_TYPES),
    # Not drawn: no load but a full one can see that a stamp has gone.
    _kind("stamp_missing", clear_stamp, "transactionaccountingline", drawn=False),
    _kind("plan_line_changed", arm.change_planned, "revenueplanplannedrevenue"),
    _kind("forecast_twin", arm.add_forecast, "revenueplan"),
    _kind("second_book", open_second_book, "accountingbook"),
    _kind("summary_journal", summarize_journal, "transactionline"),
    _kind("manual_journal", post_by_hand, "transaction"),
    _kind("prospective_merge", arm.merge_prospectively, "revenueelement"),
    _kind("retrospective_merge", arm.merge_retrospectively, "revenueelement"),
    _kind("arrangement_lag", arm.approve_order, "transaction", value=3),
    _kind("posted_late", arm.post_late, "revenueplanplannedrevenue"),
    _kind("short_id", shorten_id, "customer"),
)
