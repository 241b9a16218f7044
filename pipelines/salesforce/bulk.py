"""Bulk API 2.0 query jobs: for the objects that grow with every deal.

A job is created, polled with back-off and read in result pages of CSV. The order of results is
undefined, null and the empty string are the same, and text may hold line breaks and NUL bytes.
"""

import time
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, Final

import pyarrow as pa
from pyarrow import csv

from pipelines.errors import SourceError
from pipelines.salesforce.client import SalesforceClient
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
    """Result pages of one queryAll job as text columns; a job that failed is asked for once more.

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
        response = client.call("GET", f"{job}/results", object_name=object_name, params=page)
        table = read_csv(response.content, columns, object_name)
        _check_rows(table, response.headers.get("Sforce-NumberOfRecords", ""), object_name)
        yield table
        locator = response.headers.get("Sforce-Locator", _LAST_PAGE)


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


def _check_rows(table: pa.Table, announced: str, object_name: str) -> None:
    if announced.isdigit() and int(announced) != table.num_rows:
        raise SourceError(
            f"A result page holds {table.num_rows} rows where {announced} were announced.",
            source=SOURCE,
            object_name=object_name,
            fix='Load again; if it persists, read the object with api="rest" in '
            "pipelines/salesforce/objects.py.",
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
                fix='Load again; if it persists, read the object with api="rest" in '
                "pipelines/salesforce/objects.py.",
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


def read_csv(content: bytes, columns: Sequence[str], object_name: str) -> pa.Table:
    """One result page as text columns in the order of `columns`; `""` is null.

    Raises:
        SourceError: a column that was asked for is not in the file.
    """
    content = content.replace(b"\x00", b"")
    if not content.strip():  # no rows: some versions send not even a header
        return pa.table({name: pa.array([], pa.string()) for name in columns})
    table = csv.read_csv(
        BytesIO(content),
        read_options=csv.ReadOptions(block_size=max(len(content), 1)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )
    if missing := [name for name in columns if name not in table.column_names]:
        raise SourceError(
            f"The result file lacks {', '.join(missing)}.",
            source=SOURCE,
            object_name=object_name,
            field=", ".join(missing),
            fix='Load again; if it persists, read the object with api="rest" in '
            "pipelines/salesforce/objects.py.",
        )
    return table.select(list(columns))
