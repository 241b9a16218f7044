"""What a load would ask of the org for one object, and what it would cost."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pipelines.load.plan import Plan
from pipelines.salesforce import bulk
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.settings import SOURCE
from pipelines.salesforce.sizing import expected_rows, is_bulk
from pipelines.salesforce.window import soql

REST_PAGE_ROWS: Final = 2_000
# Describe, and the log of deletions once the rows have landed.
CALLS_AROUND: Final = 2
# A job is created and polled until it is complete.
CALLS_PER_JOB: Final = 3


def plan(
    client: SalesforceClient, sobject: SObject, fields: Sequence[str], since: datetime | None
) -> Plan:
    """The query of one load, its rows by a count query, and about how many calls it takes."""
    rows = expected_rows(client, sobject, since)
    in_bulk = is_bulk(client, sobject, rows)
    page = bulk.PAGE_ROWS if in_bulk else REST_PAGE_ROWS
    calls = CALLS_AROUND + max(1, -(-(rows or 0) // page))
    calls += (CALLS_PER_JOB if in_bulk else 0) + (1 if sobject.api == "auto" else 0)
    return Plan(
        SOURCE,
        sobject.name,
        "Bulk API 2.0" if in_bulk else "REST",
        soql(sobject, fields, since, client.clock),
        since,
        client.clock,
        rows,
        calls,
    )
