"""Bulk API 2.0 query jobs: for the objects that grow with every deal.

A job is created, polled with back-off and read in result pages of CSV (`results.py`). The order
of results is undefined.
"""

import time
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, Final

import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.results import download, fix, read_csv
from pipelines.salesforce.settings import SOURCE

PAGE_ROWS: Final = 50_000
FIRST_WAIT_SECONDS: Final = 0.25
LONGEST_WAIT_SECONDS: Final = 20.0
_LAST_PAGE: Final = "null"  # the locator of the last page is this text, not an absent header
_FAILED_STATES: Final = ("Failed", "Aborted")


class JobEndedError(SourceError):
    """A job ended without results."""


def bulk_query(
    client: SalesforceClient, soql: str, object_name: str, columns: Sequence[str]
) -> Iterator[pa.Table]:
    """Rows of one queryAll job, in blocks of text columns; a failed job is asked for once more.

    Raises:
        SourceError: the job failed or was aborted twice, took longer than the configured time,
            or a result page lacks rows.
    """
    try:
        job = _complete_job(client, soql, object_name)
    except JobEndedError:
        job = _complete_job(client, soql, object_name)
    locator: str | None = None
    while locator != _LAST_PAGE:
        page: dict[str, Any] = {"maxRecords": PAGE_ROWS}
        if locator:
            page["locator"] = locator
        rows = 0
        with TemporaryFile() as file:
            headers = download(client, f"{job}/results", page, object_name, file)
            for table in read_csv(file, columns, object_name):
                rows += table.num_rows
                yield table
        _check_rows(rows, headers.get("Sforce-NumberOfRecords", ""), object_name)
        locator = headers.get("Sforce-Locator", _LAST_PAGE)


def _complete_job(client: SalesforceClient, soql: str, object_name: str) -> str:
    """Create a job and wait for its end; the path of its resource."""
    jobs = f"{client.data_path}/jobs/query"
    request = {
        "operation": "queryAll",
        "query": soql,
        "contentType": "CSV",
        "columnDelimiter": "COMMA",
        "lineEnding": "LF",
    }
    created = client.call("POST", jobs, object_name=object_name, json=request)
    job = f"{jobs}/{client.json(created)['id']}"
    _wait(client, job, object_name)
    return job


def _check_rows(rows: int, announced: str, object_name: str) -> None:
    if announced.isdigit() and int(announced) != rows:
        raise SourceError(
            f"A result page holds {rows} rows where {announced} were announced.",
            source=SOURCE,
            object_name=object_name,
            fix=fix(object_name),
        )


def _wait(client: SalesforceClient, job: str, object_name: str) -> None:
    deadline = time.monotonic() + client.settings.bulk_timeout_seconds
    pause = FIRST_WAIT_SECONDS
    while True:
        state = client.json(client.call("GET", job, object_name=object_name))
        if state["state"] == "JobComplete":
            return
        if state["state"] in _FAILED_STATES:
            raise JobEndedError(
                f"Bulk job {state['id']} ended as {state['state']}: "
                f"{state.get('errorMessage') or 'no message'}.",
                source=SOURCE,
                object_name=object_name,
                fix=fix(object_name),
            )
        if time.monotonic() > deadline:
            raise SourceError(
                f"Bulk job {state['id']} is still {state['state']} after "
                f"{client.settings.bulk_timeout_seconds} seconds.",
                source=SOURCE,
                object_name=object_name,
                fix="Raise sources.salesforce.bulk_timeout_seconds, then load again.",
            )
        time.sleep(pause)
        pause = min(pause * 2, LONGEST_WAIT_SECONDS)
