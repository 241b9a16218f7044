"""Events in a Salesforce org: what people and jobs do to records while a load reads them.

Each happens when the request it befalls is answered: before the answer, unless said otherwise. The
record is the first by Id that is not deleted. Where none fits, nothing happens.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

from starlette.responses import Response

from pipelines.simulators.kinds import QUERY, Kind
from pipelines.simulators.org import SalesforceOrg
from pipelines.simulators.salesforce import SalesforceApi
from pipelines.simulators.web import Api, Call, Handler

READS: Final = (*QUERY, "create")
STAMPS: Final = ("CreatedDate", "LastModifiedDate", "SystemModstamp")
AWKWARD_TEXT: Final = 'first line\nsecond, "quoted"\r\nthird\ttab'
# Fields that point to an account.
ACCOUNT_FIELDS: Final = ("AccountId", "ParentId", "SBQQ__Account__c")

Event = Callable[[SalesforceOrg, str, int], None]


def living(org: SalesforceOrg, table: str) -> list[dict[str, Any]]:
    """Records that are not deleted, by Id."""
    flagged = "IsDeleted" in org.tables[table]
    return org.records(table, 'NOT "IsDeleted"' if flagged else "true")


def new_id(org: SalesforceOrg, like: str) -> str:
    """An Id of 18 characters that no record has, of the object of another Id."""
    return f"{like[:3]}5e{next(org.serial):010d}NEW"


def commit_late(org: SalesforceOrg, table: str, seconds: int) -> None:
    """A copy of a record appears with stamps of `seconds` ago."""
    if found := living(org, table):
        stamps = dict.fromkeys(STAMPS, org.clock.now - timedelta(seconds=seconds))
        row = {**found[0], "Id": new_id(org, found[0]["Id"])}
        org.load(table, [row | {k: v for k, v in stamps.items() if k in row}])


def change_silently(org: SalesforceOrg, table: str, _value: int) -> None:
    """A value changes, as that of a formula does, and no stamp moves."""
    _write_text(org, table, "changed in silence", stamp=False)


def write_awkwardly(org: SalesforceOrg, table: str, _value: int) -> None:
    """A text with line breaks, quotes, a comma and a tab."""
    _write_text(org, table, AWKWARD_TEXT, stamp=True)


def _write_text(org: SalesforceOrg, table: str, text: str, *, stamp: bool) -> None:
    fields = [name for name, kind in org.tables[table].items() if kind in ("string", "picklist")]
    if fields and (found := living(org, table)):
        org.update(table, found[0]["Id"], {fields[0]: text}, stamp=stamp)


def delete_softly(org: SalesforceOrg, table: str, _value: int) -> None:
    """The record stays in the recycle bin: queryAll still shows it."""
    _delete(org, table, hard=False)


def delete_for_good(org: SalesforceOrg, table: str, _value: int) -> None:
    """Only the log of deletions still names the record."""
    _delete(org, table, hard=True)


def _delete(org: SalesforceOrg, table: str, *, hard: bool) -> None:
    if "IsDeleted" in org.tables[table] and (found := living(org, table)):
        org.delete(table, found[0]["Id"], hard=hard)


def merge_accounts(org: SalesforceOrg, table: str, _value: int) -> None:
    """The first account is merged into the second, which gets all that pointed to the first."""
    found = living(org, table)
    if len(found) > 1:
        merge(org, found[0]["Id"], found[1]["Id"])


def merge(org: SalesforceOrg, loser: str, winner: str) -> None:
    """Merge two accounts: the loser is deleted and names its winner."""
    for table, fields in org.tables.items():
        for name in set(ACCOUNT_FIELDS) & set(fields):
            for row in org.records(table, f"\"{name}\" = '{loser}'"):
                org.update(table, row["Id"], {name: winner if row["Id"] != winner else None})
    org.update("Account", loser, {"MasterRecordId": winner})
    org.delete("Account", loser)


def tie_stamps(org: SalesforceOrg, table: str, _value: int) -> None:
    """A data load stamps every record with the same second."""
    for row in org.records(table):
        org.update(table, row["Id"], {})


def _first(event: Event, api: Api, call: Call, handler: Handler, value: int) -> Response:
    if isinstance(api, SalesforceApi) and (table := api.org.table(api.object_of(call))):
        event(api.org, table, value)
    return handler(call)


def _afterwards(event: Event, api: Api, call: Call, handler: Handler, value: int) -> Response:
    """A query shows the moment it was asked: what comes after the answer, it does not show."""
    response = handler(call)
    _first(event, api, call, lambda _: response, value)
    return response


_kind: Final = partial(Kind, "salesforce")

# After the function: its number, whether it lasts, whether a seed may draw it.
CRM_EVENTS: Final = (
    _kind("late_commit", READS, partial(_afterwards, commit_late), 300),
    # Not drawn: no load but a full one can see it.
    _kind("silent_change", READS, partial(_first, change_silently), 0, False, False),
    _kind("awkward_text", READS, partial(_first, write_awkwardly)),
    _kind("soft_delete", READS, partial(_first, delete_softly)),
    _kind("hard_delete", READS, partial(_first, delete_for_good)),
    _kind("merged_account", READS, partial(_first, merge_accounts), objects=("Account",)),
    _kind("tied_stamps", READS, partial(_first, tie_stamps)),
)
