"""Records deleted for good: the log of deletions, and the ids of living records.

A soft delete arrives with the rows (queryAll). An emptied recycle bin, a hard delete and a merge
leave no row behind: the log names them for fifteen days at most.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Final

import pyarrow as pa

from pipelines.load.convert import text_table
from pipelines.load.keys import DeletedLog, Deletions, RowReader, Scope, batches
from pipelines.salesforce.bulk import bulk_query
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.sizing import reads_in_bulk

# Objects whose rows can only be deactivated (User, CurrencyType, DatedConversionRate) have no
# such field; their column is loaded as false.
DELETION_FLAG: Final = "IsDeleted"
RAW_FLAG: Final = "is_deleted"
LOG_DAYS: Final = 15
# The window must be longer than a minute, and seconds are ignored.
SHORTEST_WINDOW: Final = timedelta(minutes=2)
# A query travels in the address, which servers cut at 16 KB.
IDS_PER_QUERY: Final = 200


def deletions(
    client: SalesforceClient, sobject: SObject, rows: RowReader, *, flagged: bool
) -> Deletions:
    """How deleted records of an object are found.

    Args:
        client: the org.
        sobject: the object.
        rows: reads rows by their ids.
        flagged: whether records carry `IsDeleted`. The log of an object without it names records
            that are merely inactive (currencies), so it is not asked.
    """
    return Deletions(
        flag=RAW_FLAG,
        keys=partial(living_ids, client, sobject, flagged),
        log=partial(deleted_log, client, sobject) if flagged else None,
        rows=rows,
        scope_column=sobject.primary_key,
    )


def living_ids(
    client: SalesforceClient, sobject: SObject, flagged: bool, scope: Scope | None
) -> Iterator[pa.Table]:
    """Ids of records that are not deleted, as tables of one text column."""
    key = sobject.primary_key
    alive = [f"{DELETION_FLAG} = false"] if flagged else []
    if scope is None:
        soql = _soql(sobject, alive)
        if reads_in_bulk(client, sobject, None):
            yield from bulk_query(client, soql, sobject.name, [key])
            return
        queries = [soql]
    else:
        queries = [_soql(sobject, [*alive, condition]) for condition in within(scope)]
    for soql in queries:
        for rows in client.query(soql, sobject.name):
            yield text_table(rows, [key])


def within(scope: Scope) -> Iterator[str]:
    """Conditions that name a part of an object, a query each."""
    for values in batches(scope.values, IDS_PER_QUERY):
        yield f"{scope.column} IN ({', '.join(map(_quoted, values))})"


def deleted_log(client: SalesforceClient, sobject: SObject, since: datetime) -> DeletedLog | None:
    """Ids deleted since a moment, softly or for good.

    None where the log does not reach back that far, or the resource refuses the object.
    """
    since = min(since.replace(tzinfo=UTC), client.clock - SHORTEST_WINDOW)
    if since < client.clock - timedelta(days=LOG_DAYS):
        return None
    response = client.call(
        "GET",
        f"{client.data_path}/sobjects/{sobject.name}/deleted/",
        object_name=sobject.name,
        accept=(
            HTTPStatus.OK,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.NOT_FOUND,
        ),
        params={"start": _moment(since), "end": _moment(client.clock)},
    )
    if response.status_code != HTTPStatus.OK:
        return None
    body = client.json(response)
    if datetime.fromisoformat(body["earliestDateAvailable"]) > since:
        return None
    covered = datetime.fromisoformat(body["latestDateCovered"]).astimezone(UTC)
    return DeletedLog(
        ids=sorted({record["id"] for record in body["deletedRecords"]}),
        covered_until=covered.replace(tzinfo=None),
    )


def _soql(sobject: SObject, conditions: list[str]) -> str:
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {sobject.primary_key} FROM {sobject.name}{where}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
