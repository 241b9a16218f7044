"""Whether both sources would let a load through: asked before anything is loaded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final, Literal

from pipelines.errors import SourceError, TieoutError
from pipelines.load.settings import resolve
from pipelines.netsuite import source as netsuite
from pipelines.netsuite.client import NetSuiteClient
from pipelines.netsuite.configured import configured_tables
from pipelines.netsuite.settings import SOURCE as NETSUITE
from pipelines.netsuite.settings import NetSuiteSettings
from pipelines.netsuite.tables import Table
from pipelines.salesforce import source as salesforce
from pipelines.salesforce.budget import BudgetError
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.configured import configured_objects
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.settings import SOURCE as SALESFORCE
from pipelines.salesforce.settings import SalesforceSettings

# Salesforce takes assertions of three minutes, NetSuite signatures of five: log-ins fail beyond.
MOST_SKEW_SECONDS: Final = 60

Outcome = Literal["ok", "note", "failed"]


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        source: `salesforce` or `netsuite`.
        name: what was looked at: settings, clock, log-in, an object, ...
        outcome: `note` is what a load would skip or what deserves a look; it holds nothing up.
        detail: what was found.
        fix: what to do about a failure.
    """

    source: str
    name: str
    outcome: Outcome
    detail: str
    fix: str = ""


@dataclass(frozen=True)
class _Part:
    """What one object showed: its error, or what a load would skip of it."""

    columns: int
    skipped: str | None
    notes: Sequence[tuple[str, str]]


@dataclass
class _Step:
    """What is being looked at: a failure is named after it."""

    name: str = "settings"


def check_sources() -> Iterator[Check]:
    """Settings, clock, log-in, objects and fields of both sources, as they are found.

    A failure ends what builds on it: without a log-in no object is looked at.
    """
    for source, look in ((SALESFORCE, _salesforce), (NETSUITE, _netsuite)):
        step = _Step()
        try:
            yield from look(step)
        except TieoutError as error:
            yield _failed(error, source, step.name)


def _salesforce(step: _Step) -> Iterator[Check]:
    settings = resolve(SalesforceSettings(), SALESFORCE)
    client, objects = SalesforceClient(settings), configured_objects(settings.objects)
    yield Check(SALESFORCE, "settings", "ok", f"{client.host}, {len(objects)} objects")
    yield from _doors(SALESFORCE, client, step)

    def look(sobject: SObject) -> _Part:
        found = salesforce.checked(client, sobject)
        notes = [(name, f"is not read: {salesforce.HIDDEN}") for name in found.missing]
        notes += [(name, salesforce.FORMULA) for name in found.formulas]
        return _Part(len(found.fields), found.skipped, notes)

    yield from _parts(
        SALESFORCE, step, "objects", {each.name: partial(look, each) for each in objects}
    )
    for quota in client.budget.quotas:
        detail = f"{quota}, {client.budget.reserve_percent} % are left to others"
        yield Check(SALESFORCE, "API requests", "ok", detail)


def _netsuite(step: _Step) -> Iterator[Check]:
    settings = resolve(NetSuiteSettings(), NETSUITE)
    client, tables = NetSuiteClient(settings), configured_tables(settings.tables)
    yield Check(NETSUITE, "settings", "ok", f"{client.host}, {len(tables)} tables")
    yield from _doors(NETSUITE, client, step)
    step.name = "SuiteQL"
    clock = netsuite.account_clock(client)
    yield Check(NETSUITE, "SuiteQL", "ok", f"account time is {clock:%Y-%m-%d %H:%M}")

    def look(table: Table) -> _Part:
        found = netsuite.checked(client, clock, table)
        notes = [(name, f"is not read: {netsuite.ABSENT}") for name in found.missing]
        return _Part(len(found.table.columns), found.skipped, notes)

    looks = {each.name: partial(look, each) for each in tables}
    yield from _parts(NETSUITE, step, "tables", looks)


def _doors(source: str, client: SalesforceClient | NetSuiteClient, step: _Step) -> Iterator[Check]:
    """Host, clock and log-in; raises where a load could not go on."""
    step.name = "host"
    there = client.server_time()
    step.name = "clock"
    if there is None:
        yield Check(source, "clock", "note", f"{client.host} does not tell its time")
    else:
        ahead = round((datetime.now(UTC) - there).total_seconds())
        if abs(ahead) > MOST_SKEW_SECONDS:
            way = "ahead of" if ahead > 0 else "behind"
            raise SourceError(
                f"This machine's clock is {abs(ahead)} seconds {way} {client.host}.",
                source=source,
                fix="Set it by a time server (timedatectl set-ntp true): log-ins signed by a clock "
                "that is off are refused.",
            )
        yield Check(source, "clock", "ok", f"within {MOST_SKEW_SECONDS} seconds of {client.host}")
    step.name = "log-in"
    client.connect()
    yield Check(source, "log-in", "ok", "the credentials are accepted")


def _parts(
    source: str, step: _Step, kind: str, looks: Mapping[str, Callable[[], _Part]]
) -> Iterator[Check]:
    """Each object: failures and what would be skipped by name, the others counted."""
    seen, columns = 0, 0
    for name, look in looks.items():
        try:
            part = look()
        except BudgetError:
            step.name = "API requests"
            raise
        except TieoutError as error:
            yield _failed(error, source, name)
            continue
        for column, note in part.notes:
            yield Check(source, f"{name} {column}", "note", note)
        if part.skipped:
            yield Check(source, name, "note", f"is skipped: {part.skipped}")
            continue
        seen, columns = seen + 1, columns + part.columns
    yield Check(source, kind, "ok", f"{seen} of {len(looks)} can be read, {columns} columns")


def _failed(error: TieoutError, source: str, name: str) -> Check:
    return Check(source, name, "failed", error.message, error.fix)
