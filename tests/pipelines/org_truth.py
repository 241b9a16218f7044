"""The raw tables as they should be: what the orgs behind the servers hold, as a load keeps it."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from pipelines.config import paths
from pipelines.load import load
from pipelines.load.resource import raw_name
from pipelines.netsuite.tables import TABLES
from pipelines.salesforce.objects import OBJECTS
from pipelines.simulators.faults import Fault, Scenario
from pipelines.simulators.server import RunningServers

Rows = list[tuple[Any, ...]]


def truth(servers: RunningServers, only: Collection[str]) -> dict[str, Rows]:
    """Object or table -> its living records, in order."""
    crm, erp = servers.salesforce.org, servers.netsuite.org
    zone = ZoneInfo(erp.time_zone)
    found = {}
    for sobject in OBJECTS:
        if sobject.name in only:
            records = [row for row in crm.records(sobject.name) if not row.get("IsDeleted")]
            found[sobject.name] = _rows(records, sobject.all_fields, None)
    for table in TABLES:
        if table.name in only:
            found[table.name] = _rows(erp.records(table.name), table.columns, zone)
    return found


def loaded(warehouse: Path, only: Collection[str]) -> dict[str, Rows]:
    """Object or table -> its rows in the raw layer that are not marked as deleted, in order.

    No key may be there twice, marked or not.
    """
    specs = [
        *(("salesforce", s.name, s.all_fields, ("Id",), "is_deleted") for s in OBJECTS),
        *(("netsuite", t.name, t.columns, t.primary_key, "_tieout_is_deleted") for t in TABLES),
    ]
    found = {}
    with duckdb.connect(str(warehouse)) as connection:
        for source, name, columns, key, flag in specs:
            if name not in only:
                continue
            table = f'raw_{source}."{raw_name(name)}"'
            keys = ", ".join(f'"{raw_name(column)}"' for column in key)
            doubled = f"select {keys} from {table} group by all having count(*) > 1"
            assert connection.execute(doubled).fetchall() == [], name
            listed = ", ".join(f'"{raw_name(column)}"' for column in columns)
            rows = connection.execute(
                f'select {listed} from {table} where not coalesce("{flag}", false)'
            ).fetchall()
            found[name] = sorted((tuple(map(_utc, row)) for row in rows), key=repr)
    return found


def raw_content(warehouse: Path) -> dict[str, Rows]:
    """Every raw table of both sources, marked rows too, without the ids of loads."""
    with duckdb.connect(str(warehouse)) as connection:
        names = connection.execute("""
            select schema_name || '."' || table_name || '"' from duckdb_tables()
            where schema_name in ('raw_salesforce', 'raw_netsuite')
                and not starts_with(table_name, '_dlt')""").fetchall()
        return {
            name: connection.execute(
                f"select * exclude (_dlt_load_id) from {name} order by all"
            ).fetchall()
            for (name,) in names
        }


def _utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


def _rows(records: list[dict[str, Any]], kinds: Mapping[str, str], zone: ZoneInfo | None) -> Rows:
    rows = [
        tuple(_raw(row.get(n, False), kind, zone) for n, kind in kinds.items()) for row in records
    ]
    return sorted(rows, key=repr)


def _raw(value: Any, kind: str, zone: ZoneInfo | None) -> Any:
    if value is None or value == "":
        return None
    if kind == "boolean":
        return value in (True, "T")
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if zone else value.astimezone(UTC)
    return str(value) if kind in ("id", "text") else value


class World:
    """A company that goes on living, and its warehouse."""

    def __init__(self, servers: RunningServers) -> None:
        self.servers = servers
        self.crm, self.erp = servers.salesforce.org, servers.netsuite.org

    def load(
        self,
        *faults: Fault,
        only: tuple[str, ...],
        after: timedelta = timedelta(hours=4),
        **options: Any,
    ) -> Scenario:
        """One load, some time after the last one."""
        self.servers.clock.advance(after)
        scenario = Scenario(faults)
        self.servers.salesforce.scenario = self.servers.netsuite.scenario = scenario
        load("run", only=only, **options)
        return scenario

    def differences(self, only: tuple[str, ...]) -> dict[str, Any]:
        """Per table: rows of the warehouse that no record has, and records it lacks."""
        here, there = loaded(paths().warehouse, only), truth(self.servers, only)
        assert all(there.values())
        return {
            name: (
                [row for row in here[name] if row not in there[name]],
                [row for row in there[name] if row not in here[name]],
            )
            for name in only
            if here[name] != there[name]
        }
