"""The two sources side by side, as the load stage drives them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pipelines.errors import ConfigurationError
from pipelines.load.resource import RawTable
from pipelines.load.settings import resolve
from pipelines.netsuite import source as netsuite
from pipelines.netsuite.client import SOURCE as NETSUITE
from pipelines.netsuite.client import NetSuiteClient, NetSuiteSettings
from pipelines.netsuite.tables import TABLES
from pipelines.salesforce import source as salesforce
from pipelines.salesforce.client import SOURCE as SALESFORCE
from pipelines.salesforce.client import SalesforceClient, SalesforceSettings
from pipelines.salesforce.objects import OBJECTS

# Requests under way at once. NetSuite's limit (five in the smallest account) is shared by every
# integration of the company.
SALESFORCE_WORKERS: Final = 4
NETSUITE_WORKERS: Final = 2


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
    """

    source: str
    tables: tuple[RawTable, ...]
    clock: datetime
    web_url: str
    lag: int
    workers: int
    compare_days: int = 0


Selected = Callable[[str], bool]


def prepare(only: Collection[str] | None) -> list[Callable[[], Connected]]:
    """Resolve all settings; the callables then connect, one per source with objects to read.

    Raises:
        ConfigurationError: a setting is missing or wrong, or `only` names an unknown object.
    """
    known = {sobject.name for sobject in OBJECTS} | {table.name for table in TABLES}
    if unknown := sorted(set(only or ()) - known):
        raise ConfigurationError(
            f"No such object or table: {', '.join(unknown)}.",
            fix=f"Choose from {', '.join(sorted(known))}.",
        )

    def selected(name: str) -> bool:
        return only is None or name in only

    org = SalesforceClient(resolve(SalesforceSettings(), SALESFORCE))
    account = NetSuiteClient(resolve(NetSuiteSettings(), NETSUITE))
    connections: list[Callable[[], Connected]] = []
    if any(selected(sobject.name) for sobject in OBJECTS):
        connections.append(lambda: connect_salesforce(org, selected))
    if any(selected(table.name) for table in TABLES):
        connections.append(lambda: connect_netsuite(account, selected))
    return connections


def connect_salesforce(client: SalesforceClient, selected: Selected) -> Connected:
    """Log in and check every selected object against its describe.

    Raises:
        SourceError: unreachable, refused, or an object or field is missing.
    """
    client.connect()
    return Connected(
        source=SALESFORCE,
        tables=tuple(salesforce.raw_table(client, o) for o in OBJECTS if selected(o.name)),
        clock=client.clock.replace(tzinfo=None),
        web_url=client.base_url,
        lag=client.settings.lag_seconds,
        workers=SALESFORCE_WORKERS,
        compare_days=client.settings.compare_days,
    )


def connect_netsuite(client: NetSuiteClient, selected: Selected) -> Connected:
    """Log in, read the account's clock and look for the optional tables.

    Raises:
        SourceError: unreachable, refused, or a column of an optional table is missing.
    """
    client.connect()
    clock = netsuite.account_clock(client)
    return Connected(
        source=NETSUITE,
        tables=tuple(netsuite.raw_table(client, clock, t) for t in TABLES if selected(t.name)),
        clock=clock,
        web_url=client.web_url,
        lag=client.settings.lag_seconds,
        workers=NETSUITE_WORKERS,
        compare_days=client.settings.compare_days,
    )
