"""Bulk API 2.0 query jobs: create, poll, read result pages by locator, abort, delete."""

import base64
import binascii
import secrets
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response

from pipelines.simulators.org import SalesforceOrg
from pipelines.simulators.salesforce_wire import checked, fetch, not_found, refusal, stamp
from pipelines.simulators.soql import Soql
from pipelines.simulators.web import Call

LARGEST_PAGE: Final = 100_000
DELIMITERS: Final = {
    "BACKQUOTE": "`",
    "CARET": "^",
    "COMMA": ",",
    "PIPE": "|",
    "SEMICOLON": ";",
    "TAB": "\t",
}
LINE_ENDS: Final = {"LF": "\n", "CRLF": "\r\n"}


@dataclass
class Job:
    """One query job. Its rows are those of the moment it was created.

    Attributes:
        polls_left: polls that will still find it in progress.
        error: why it failed; empty if it did not.
    """

    id: str
    operation: str
    query: Soql
    version: str
    rows: list[tuple[str | None, ...]]
    created: datetime
    delimiter: str
    line_end: str
    polls_left: int
    state: str = "UploadComplete"
    error: str = ""

    def as_json(self) -> dict[str, object]:
        """The job as its resource shows it."""
        shown: dict[str, object] = {
            "id": self.id,
            "operation": self.operation,
            "object": self.query.sobject,
            "createdById": "0055e000000TIEOAAA",
            "createdDate": stamp(self.created),
            "systemModstamp": stamp(self.created),
            "state": self.state,
            "concurrencyMode": "Parallel",
            "contentType": "CSV",
            "apiVersion": float(self.version),
            "lineEnding": self.line_end,
            "columnDelimiter": self.delimiter,
        }
        if self.state == "JobComplete":
            shown["numberRecordsProcessed"] = len(self.rows)
        if self.error:
            shown["errorMessage"] = self.error
        return {**shown, "retries": 0, "totalProcessingTime": 0}


class BulkJobs:
    """Query jobs of one org.

    Attributes:
        polls: polls that find a new job in progress before it is complete.
        created: jobs created so far.
    """

    def __init__(self, org: SalesforceOrg) -> None:
        self.polls = 0
        self.created = 0
        self._org = org
        self._jobs: dict[str, Job] = {}

    def sobject(self, job_id: str) -> str:
        """The object that a job reads; empty if there is no such job."""
        job = self._jobs.get(job_id)
        return job.query.sobject if job else ""

    def end(self, job_id: str, state: str, error: str = "") -> None:
        """End a job that is not complete, as the org itself or its administrator would."""
        job = self._jobs.get(job_id)
        if job is not None and job.state != "JobComplete":
            job.state, job.error = state, error

    def create(self, call: Call) -> Response:
        """Create a job; a query REST would refuse is refused here already."""
        try:
            asked = call.json_object()
        except ValueError as error:
            raise refusal(HTTPStatus.BAD_REQUEST, "JSON_PARSER_ERROR", str(error)) from error
        operation = str(asked.get("operation"))
        delimiter = str(asked.get("columnDelimiter", "COMMA"))
        line_end = str(asked.get("lineEnding", "LF"))
        if (
            operation not in ("query", "queryAll")
            or delimiter not in DELIMITERS
            or line_end not in LINE_ENDS
            or asked.get("contentType", "CSV") != "CSV"
        ):
            raise refusal(HTTPStatus.BAD_REQUEST, "INVALIDJOB", "Unsupported job setting")
        query = checked(str(asked.get("query", "")), self._org)
        if not query.fields or "OFFSET" in query.tail:
            raise refusal(
                HTTPStatus.BAD_REQUEST, "API_ERROR", "Bulk query takes no aggregate and no OFFSET"
            )
        deleted = operation == "queryAll"
        job = Job(
            f"750{secrets.token_hex(8)[:13]}AA",
            operation,
            query,
            call.path["version"],
            fetch(self._org, query, with_deleted=deleted, zone="Z", shuffled=True),
            self._org.clock.now,
            delimiter,
            line_end,
            call.bends.get("polls", self.polls),
        )
        self._jobs[job.id] = job
        self.created += 1
        return JSONResponse(job.as_json())

    def state(self, call: Call) -> Response:
        """Poll a job; polling is what moves it on."""
        job = self._job(call)
        if job.state in ("UploadComplete", "InProgress"):
            job.state = "InProgress" if job.polls_left > 0 else "JobComplete"
            job.polls_left -= 1
        return JSONResponse(job.as_json())

    def abort(self, call: Call) -> Response:
        """Abort a job that is not complete."""
        job = self._job(call)
        try:
            valid = call.json_object() == {"state": "Aborted"}
        except ValueError:
            valid = False
        if not valid or job.state == "JobComplete":
            raise refusal(HTTPStatus.BAD_REQUEST, "INVALIDJOBSTATE", "The job cannot be aborted")
        job.state = "Aborted"
        return JSONResponse(job.as_json())

    def delete(self, call: Call) -> Response:
        """Delete a job that has ended, with its results."""
        job = self._job(call)
        if job.state in ("UploadComplete", "InProgress"):
            raise refusal(HTTPStatus.BAD_REQUEST, "INVALIDJOBSTATE", "The job has not ended")
        del self._jobs[job.id]
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def results(self, call: Call) -> Response:
        """A page of results, the same for the same locator as long as the job exists."""
        job = self._job(call)
        if job.version != call.path["version"]:
            raise refusal(
                HTTPStatus.CONFLICT,
                "API_VERSION_MISMATCH",
                f"The job was created with API version {job.version}",
            )
        if job.state != "JobComplete":
            raise refusal(HTTPStatus.BAD_REQUEST, "INVALIDJOBSTATE", f"The job is {job.state}")
        start = result_offset(call.query.get("locator", ""))
        asked = _page_rows(call.query.get("maxRecords", str(LARGEST_PAGE)))
        end = start + min(asked, call.bends.get("page_rows", asked))
        rows = job.rows[start:end]
        more = end < len(job.rows) or (bool(rows) and "late_end" in call.bends)
        headers = {
            "Sforce-NumberOfRecords": str(len(rows)),
            "Sforce-Locator": _locator(end) if more else "null",
        }
        return Response(_csv(job, rows), headers=headers, media_type="text/csv;charset=UTF-8")

    def _job(self, call: Call) -> Job:
        job = self._jobs.get(call.path["job"])
        if job is None:
            raise not_found()
        return job


def _csv(job: Job, rows: list[tuple[str | None, ...]]) -> str:
    """Every value quoted; null and the empty text look alike."""
    delimiter, line_end = DELIMITERS[job.delimiter], LINE_ENDS[job.line_end]
    lines = [job.query.fields, *(row[1:] for row in rows)]
    return "".join(
        delimiter.join('"' + (text or "").replace('"', '""') + '"' for text in line) + line_end
        for line in lines
    )


def _locator(offset: int) -> str:
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def result_offset(locator: str) -> int:
    """Where a page starts: 0 without a locator."""
    if not locator:
        return 0
    try:
        return int(base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)))
    except (binascii.Error, ValueError) as error:
        raise refusal(HTTPStatus.BAD_REQUEST, "INVALID_LOCATOR", "invalid locator") from error


def _page_rows(asked: str) -> int:
    if not asked.isdigit() or int(asked) == 0:
        raise refusal(HTTPStatus.BAD_REQUEST, "INVALID_MAX_RECORDS", "maxRecords must be positive")
    return min(int(asked), LARGEST_PAGE)
