"""The two sources side by side, as the load stage drives them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pipelines.errors import ConfigurationError
from pipelines.load.resource import RawTable
from pipelines.load.settings import resolve
from pipelines.netsuite import source as netsuite
from pipelines.netsuite.arrangements import arrangements
from pipelines.netsuite.client import NetSuiteClient
from pipelines.netsuite.configured import configured_tables
from pipelines.netsuite.settings import SOURCE as NETSUITE
from pipelines.netsuite.settings import NetSuiteSettings
from pipelines.netsuite.tables import Table
from pipelines.salesforce import source as salesforce
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.configured import configured_objects
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.settings import SOURCE as SALESFORCE
from pipelines.salesforce.settings import SalesforceSettings

# Objects read at once; NetSuite's are as many as `sources.netsuite.concurrency` says.
SALESFORCE_WORKERS: Final = 4


@dataclass(frozen=True)
class Connected:
    """A source that has answered, checked and ready to be read.

    Attributes:
        source: `salesforce` or `netsuite`.
        tables: what to read.
        clock: the source's own now, without zone: UTC for Salesforce, account time for NetSuite.
        web_url: address that records are linked under.
        lag: overlap with the previous load in seconds.
        workers: objects read at once.
        compare_days: days after which all keys of an object are compared again; 0 means never.
        settle: reads parts again that were read half way through a change, once the rows have
            landed (warehouse, load id -> records that still disagree).
    """

    source: str
    tables: tuple[RawTable, ...]
    clock: datetime
    web_url: str
    lag: int
    workers: int
    compare_days: int = 0
    settle: Callable[[Path, str], list[str]] | None = None


def prepare(only: Collection[str] | None) -> list[Callable[[], Connected]]:
    """Resolve all settings; the callables then connect, one per source with objects to read.

    Raises:
        ConfigurationError: a setting is missing or wrong, or `only` names an unknown object.
    """
    salesforce_settings = resolve(SalesforceSettings(), SALESFORCE)
    netsuite_settings = resolve(NetSuiteSettings(), NETSUITE)
    org, account = SalesforceClient(salesforce_settings), NetSuiteClient(netsuite_settings)
    objects = configured_objects(salesforce_settings.objects)
    tables = configured_tables(netsuite_settings.tables)
    known = {sobject.name for sobject in objects} | {table.name for table in tables}
    if unknown := sorted(set(only or ()) - known):
        raise ConfigurationError(
            f"No such object or table: {', '.join(unknown)}.",
            fix=f"Choose from {', '.join(sorted(known))}.",
        )
    chosen_objects = [each for each in objects if only is None or each.name in only]
    chosen_tables = [each for each in tables if only is None or each.name in only]
    connections: list[Callable[[], Connected]] = []
    if chosen_objects:
        connections.append(lambda: connect_salesforce(org, chosen_objects))
    if chosen_tables:
        connections.append(lambda: connect_netsuite(account, chosen_tables))
    return connections


def connect_salesforce(client: SalesforceClient, objects: Sequence[SObject]) -> Connected:
    """Log in and check every object against its describe.

    Raises:
        SourceError: unreachable, refused, or an object or field is missing.
    """
    client.connect()
    return Connected(
        source=SALESFORCE,
        tables=tuple(salesforce.raw_table(client, each) for each in objects),
        clock=client.clock.replace(tzinfo=None),
        web_url=client.base_url,
        lag=client.settings.lag_seconds,
        workers=SALESFORCE_WORKERS,
        compare_days=client.settings.compare_days,
    )


def connect_netsuite(client: NetSuiteClient, tables: Sequence[Table]) -> Connected:
    """Log in, read the account's clock and look for the optional tables.

    Raises:
        SourceError: unreachable, refused, or a column of an optional table is missing.
    """
    client.connect()
    clock = netsuite.account_clock(client)
    raw_tables = tuple(netsuite.raw_table(client, clock, each) for each in tables)
    specs = {each.name: each for each in tables}
    return Connected(
        source=NETSUITE,
        tables=raw_tables,
        clock=clock,
        web_url=client.web_url,
        lag=client.settings.lag_seconds,
        workers=client.settings.concurrency,
        compare_days=client.settings.compare_days,
        settle=arrangements(client, clock, specs, raw_tables),
    )
