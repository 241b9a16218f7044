"""REST or Bulk API: by how many rows a query is expected to bring."""

from datetime import datetime

from pipelines.salesforce.client import RefusedError, SalesforceClient
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.window import soql


def expected_rows(client: SalesforceClient, sobject: SObject, since: datetime | None) -> int | None:
    """Rows of a window, deleted ones included; None if counting them takes the org too long.

    Raises:
        SourceError: unreachable, or the count is refused for any other reason.
    """
    try:
        return client.count(soql(sobject, ["COUNT()"], since, client.clock), sobject.name)
    except RefusedError as refusal:
        if refusal.code != "QUERY_TIMEOUT":
            raise
        return None


def is_bulk(client: SalesforceClient, sobject: SObject, rows: int | None) -> bool:
    """Whether a window of so many rows (None: too many to count) is read by Bulk API."""
    if sobject.api == "auto":
        return rows is None or rows >= client.settings.bulk_rows
    return sobject.api == "bulk"


def reads_in_bulk(client: SalesforceClient, sobject: SObject, since: datetime | None) -> bool:
    """Whether a window is read by Bulk API; its rows are counted where the spec leaves it open."""
    rows = expected_rows(client, sobject, since) if sobject.api == "auto" else 0
    return is_bulk(client, sobject, rows)
