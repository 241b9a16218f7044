"""What each fault does to a request. Its number, `value`, means what the kind's comment says.

Here are the faults of transport; those of data and the events in records have modules of their own.

Recalled, not checked against a live org: message texts, and the code of a version mismatch.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from pipelines.simulators import netsuite
from pipelines.simulators.crm_events import CRM_EVENTS
from pipelines.simulators.data_faults import DATA
from pipelines.simulators.erp_events import ERP_EVENTS
from pipelines.simulators.kinds import ANY, QUERY, RESULTS, SUITEQL, Kind
from pipelines.simulators.salesforce import SalesforceApi
from pipelines.simulators.salesforce_bulk import result_offset
from pipelines.simulators.salesforce_wire import refusal
from pipelines.simulators.web import Api, Call, Handler, WireError

_SINCE: Final = re.compile(r">=\s*(\S+?Z)")
_UNTIL: Final = re.compile(r"<=?\s*(\S+?Z)")
_FOUNDED: Final = datetime(1999, 1, 1, tzinfo=UTC)  # no stamp of an org is older
_LAST_COLUMN: Final = re.compile(r"(\w+)\s+FROM\s", re.IGNORECASE)
_GROUPED: Final = re.compile(r"\b(DISTINCT|GROUP\s+BY|UNION|COUNT|MAX|MIN|SUM|DUAL)\b", re.I)
_ORDERED: Final = re.compile(r"\bORDER\s+BY\b", re.I)


class _Dropped(Response):
    """A reply whose connection ends in the middle of its body."""

    def __init__(self, whole: Response) -> None:
        super().__init__(whole.body, whole.status_code, dict(whole.headers))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = {"type": "http.response.start", "status": self.status_code}
        await send({**head, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        # Returning without the rest makes the server close the connection.


def _expire_sessions(api: Api, call: Call, handler: Handler, value: int) -> Response:
    api.tokens.expire_all()
    raise api.refused_token()


def _drop(api: Api, call: Call, handler: Handler, value: int) -> Response:
    return _Dropped(handler(call))


def _refuse(
    status: HTTPStatus, code: str, text: str, _api: Api, _call: Call, _next: Handler, value: int
) -> Response:
    """A refusal of Salesforce; the value is its Retry-After, 0 for none."""
    raise _waiting(refusal(status, code, text), value)


def _refuse_suiteql(
    status: HTTPStatus, code: str, text: str, _api: Api, _call: Call, _next: Handler, value: int
) -> Response:
    """A refusal of NetSuite; the value is its Retry-After, 0 for none."""
    raise _waiting(netsuite.refusal(status, code, text), value)


def _waiting(error: WireError, seconds: int) -> WireError:
    if seconds:
        error.response.headers["Retry-After"] = str(seconds)
    return error


def _bend(name: str, _api: Api, call: Call, handler: Handler, value: int) -> Response:
    return handler(replace(call, bends={**call.bends, name: value}))


def _shrink(api: Api, call: Call, handler: Handler, value: int) -> Response:
    """The first page has `value` rows, the further ones half as many."""
    locator = call.path.get("locator", "")
    later = locator or result_offset(call.query.get("locator", ""))
    return _bend("page_rows", api, call, handler, max(1, value // 2) if later else value)


def _forget_cursor(api: Api, call: Call, handler: Handler, value: int) -> Response:
    if isinstance(api, SalesforceApi):
        api.queries.forget(call.path["locator"])
    return handler(call)


def _time_out(api: Api, call: Call, handler: Handler, value: int) -> Response:
    """A query whose window of stamps is wider than `value` days."""
    text = call.query.get("q", "")
    until, since = _UNTIL.search(text), _SINCE.search(text)
    start = datetime.fromisoformat(since[1]) if since else _FOUNDED
    if until and datetime.fromisoformat(until[1]) - start > timedelta(days=value):
        raise refusal(
            HTTPStatus.BAD_REQUEST, "QUERY_TIMEOUT", "Your query request was running for too long."
        )
    return handler(call)


def _end_job(state: str, error: str, api: Api, call: Call, handler: Handler, _: int) -> Response:
    if isinstance(api, SalesforceApi):
        api.bulk.end(call.path["job"], state, error)
    return handler(call)


def _per_app_limit(api: Api, call: Call, handler: Handler, value: int) -> Response:
    """The app's own quota: `value` of 250 requests are used."""
    response = handler(call)
    response.headers["Sforce-Limit-Info"] = (
        f"; per-app-api-usage={value}/250(appName=sample-connected-app)"
    )
    return response


def _shuffle_ties(api: Api, call: Call, handler: Handler, value: int) -> Response:
    """Rows that ORDER BY leaves equal come in another order each time."""
    body = json.loads(call.body)
    text = str(body.get("q", ""))
    if not _GROUPED.search(text):
        body["q"] = f"{text}{',' if _ORDERED.search(text) else ' ORDER BY'} RANDOM()"
    return handler(replace(call, body=json.dumps(body).encode()))


def _refresh_arrangements(api: Api, call: Call, handler: Handler, value: int) -> Response:
    """Plans as a refresh that is half way through shows them: emptied, not yet planned again."""
    response = handler(call)
    body = json.loads(bytes(response.body))
    if body["items"] and "amount" in body["items"][0]:
        body["items"] = [{**item, "amount": str(value)} for item in body["items"]]
    return JSONResponse(body)


def _hide_table(api: Api, call: Call, handler: Handler, value: int) -> Response:
    raise _invalid_search(f"Record '{api.object_of(call)}' was not found.")


def _hide_column(api: Api, call: Call, handler: Handler, value: int) -> Response:
    """The last column that was asked for."""
    found = _LAST_COLUMN.search(call.body.decode("utf-8", "replace"))
    table = api.object_of(call)
    raise _invalid_search(
        f"Unknown identifier '{found[1] if found else 'id'}'. "
        f"Available identifiers are: {{{table}={table}}}."
    )


def _invalid_search(reason: str) -> WireError:
    text = "Invalid search query. Detailed unprocessed description follows. Search error occurred: "
    return netsuite.refusal(HTTPStatus.BAD_REQUEST, "INVALID_PARAMETER", f"{text}{reason}")


_salesforce: Final = partial(Kind, "salesforce")
_netsuite: Final = partial(Kind, "netsuite")
_LIMIT: Final = (HTTPStatus.FORBIDDEN, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
_DOWN: Final = (HTTPStatus.SERVICE_UNAVAILABLE, "SERVER_UNAVAILABLE", "Server unavailable")
_BROKEN: Final = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "UNKNOWN_EXCEPTION",
    "An unexpected error occurred.",
)
_MISMATCH: Final = (
    HTTPStatus.CONFLICT,
    "API_VERSION_MISMATCH",
    "The job was created with another API version",
)
_BUSY: Final = (
    "CONCURRENCY_LIMIT_EXCEEDED",
    "Concurrent request limit exceeded. Request blocked.",
)
_UNEXPECTED: Final = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "UNEXPECTED_ERROR",
    "An unexpected error occurred.",
)

# After the function: its number, whether it lasts, whether a seed may draw it.
KINDS: Final[tuple[Kind, ...]] = (
    _salesforce("token_expired", ("more", "results", "state"), _expire_sessions),
    _salesforce("request_limit", RESULTS, partial(_refuse, *_LIMIT), 0, False, False),
    _salesforce("server_error", ANY, partial(_refuse, *_BROKEN)),
    _salesforce("unavailable", ANY, partial(_refuse, *_DOWN)),
    _salesforce("connection_dropped", ANY, _drop),
    _salesforce("shrinking_pages", RESULTS, _shrink, 1_000, True),
    _salesforce("late_end", RESULTS, partial(_bend, "late_end"), 0, True),
    _salesforce("locator_expired", ("more",), _forget_cursor),
    _salesforce("query_timeout", QUERY, _time_out, 3_650, True),
    _salesforce("bulk_failed", ("state",), partial(_end_job, "Failed", "InternalServerError")),
    # Not drawn beside a failed job: one new job is asked for, not two.
    _salesforce("bulk_aborted", ("state",), partial(_end_job, "Aborted", ""), 0, False, False),
    _salesforce("bulk_slow", ("create",), partial(_bend, "polls"), 3),
    _salesforce("version_mismatch", ("results",), partial(_refuse, *_MISMATCH), 0, True, False),
    _salesforce("per_app_limit", ANY, _per_app_limit, 17, True),
    _netsuite("token_revoked", SUITEQL, _expire_sessions),
    _netsuite("busy", SUITEQL, partial(_refuse_suiteql, HTTPStatus.TOO_MANY_REQUESTS, *_BUSY)),
    _netsuite("busy_400", SUITEQL, partial(_refuse_suiteql, HTTPStatus.BAD_REQUEST, *_BUSY)),
    _netsuite("unexpected_error", SUITEQL, partial(_refuse_suiteql, *_UNEXPECTED)),
    _netsuite("unstable_order", SUITEQL, _shuffle_ties, 0, True),
    _netsuite("connection_dropped", SUITEQL, _drop),
    # Not drawn: it shows in a query of revenueplan only.
    _netsuite("arm_refresh", SUITEQL, _refresh_arrangements, 0, False, False),
    _netsuite("table_absent", SUITEQL, _hide_table, 0, True, False),
    _netsuite("unknown_identifier", SUITEQL, _hide_column, 0, True, False),
    *DATA,
    *CRM_EVENTS,
    *ERP_EVENTS,
)
