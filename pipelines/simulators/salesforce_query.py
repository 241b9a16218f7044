"""REST queries: `query`, `queryAll` and the pages behind `nextRecordsUrl`."""

import json
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response

from pipelines.simulators.org import SalesforceOrg
from pipelines.simulators.salesforce_wire import checked, fetch, records_json, refusal, source
from pipelines.simulators.soql import Soql
from pipelines.simulators.web import Call

LOCATOR_LIFE: Final = timedelta(days=2)
# Salesforce does not limit open cursors; this bounds the server's memory.
OPEN_CURSORS: Final = 100
SMALLEST_PAGE: Final = 200
LARGEST_PAGE: Final = 2_000
_BATCH_SIZE: Final = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Cursor:
    """The answer to one query, fixed when it was asked."""

    query: Soql
    rows: list[tuple[str | None, ...]]
    page_rows: int
    opened: datetime


class Queries:
    """Open cursors of one org."""

    def __init__(self, org: SalesforceOrg) -> None:
        self._org = org
        self._cursors: OrderedDict[str, Cursor] = OrderedDict()

    def sobject(self, locator: str) -> str:
        """The object that an open cursor reads; empty if there is no such cursor."""
        cursor = self._cursors.get(locator.rpartition("-")[0])
        return cursor.query.sobject if cursor else ""

    def forget(self, locator: str) -> None:
        """Let a cursor expire."""
        self._cursors.pop(locator.rpartition("-")[0], None)

    def query(self, call: Call) -> Response:
        """First page of records, deleted ones left out."""
        return self._first_page(call, with_deleted=False)

    def query_all(self, call: Call) -> Response:
        """First page of records, soft-deleted ones included."""
        return self._first_page(call, with_deleted=True)

    def more(self, call: Call) -> Response:
        """A further page; the same page may be asked for again, by another session too."""
        locator, _, offset = call.path["locator"].rpartition("-")
        cursor = self._cursors.get(locator)
        expired = cursor is not None and self._org.clock.now - cursor.opened > LOCATOR_LIFE
        if cursor is None or expired or not offset.isdigit():
            raise refusal(HTTPStatus.BAD_REQUEST, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(call, locator, cursor, int(offset))

    def _first_page(self, call: Call, *, with_deleted: bool) -> Response:
        org, query = self._org, checked(call.query.get("q", ""), self._org)
        if not query.fields:
            counted = f"SELECT count(*)::VARCHAR {source(org, query, with_deleted=with_deleted)}"
            count = int(org.rows(counted)[0][0] or 0)
            return JSONResponse({"totalSize": count, "done": True, "records": []})
        rows = fetch(org, query, with_deleted=with_deleted, zone="+0000")
        cursor = Cursor(query, rows, _page_rows(call), org.clock.now)
        locator = f"0r8{secrets.token_hex(8)[:13]}AA"
        if len(rows) > _granted(call, cursor) or "late_end" in call.bends:
            self._cursors[locator] = cursor
            while len(self._cursors) > OPEN_CURSORS:
                self._cursors.popitem(last=False)
        return self._page(call, locator, cursor, 0)

    def _page(self, call: Call, locator: str, cursor: Cursor, offset: int) -> Response:
        version, end = call.path["version"], offset + _granted(call, cursor)
        rows = cursor.rows[offset:end]
        done = end >= len(cursor.rows) and not (rows and "late_end" in call.bends)
        head: dict[str, object] = {"totalSize": len(cursor.rows), "done": done}
        if not done:
            head["nextRecordsUrl"] = f"/services/data/v{version}/query/{locator}-{end}"
        records = records_json(self._org, cursor.query, rows, version)
        body = f'{json.dumps(head)[:-1]}, "records": {records}}}'
        return Response(body, media_type="application/json;charset=UTF-8")


def _granted(call: Call, cursor: Cursor) -> int:
    """Rows of this page: the server may cut any page short."""
    return min(cursor.page_rows, call.bends.get("page_rows", cursor.page_rows))


def _page_rows(call: Call) -> int:
    """The page size asked for, within what the server grants."""
    asked = _BATCH_SIZE.search(call.headers.get("sforce-query-options", ""))
    size = int(asked[1]) if asked else LARGEST_PAGE
    return min(max(size, SMALLEST_PAGE), LARGEST_PAGE)
