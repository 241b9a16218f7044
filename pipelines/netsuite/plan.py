"""What a load would ask of the account for one table, and what it would cost."""

from datetime import datetime
from typing import Final

from pipelines.load.plan import Plan
from pipelines.netsuite.client import PAGE_ROWS, NetSuiteClient
from pipelines.netsuite.settings import SOURCE
from pipelines.netsuite.suiteql import count, select
from pipelines.netsuite.tables import Table

# The keys of what changed are compared in at least one query.
CALLS_AROUND: Final = 1


def plan(client: NetSuiteClient, clock: datetime, table: Table, since: datetime | None) -> Plan:
    """The first query of one load, its rows by a count query, and about how many calls it takes."""
    counted = client.page(count(table, since, clock), table.name).rows
    rows = int(counted[0].get("counted", 0)) if counted else 0
    looked_for = 1 if table.optional or table.optional_columns else 0
    return Plan(
        SOURCE,
        table.name,
        "SuiteQL",
        select(table, since, clock, None),
        since,
        clock,
        rows,
        rows // PAGE_ROWS + 1 + looked_for + (CALLS_AROUND if table.cursor else 0),
    )
