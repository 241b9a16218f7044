"""Serves rendered pages over HTTP from a process of its own, doing as little as it can.

Speaks just what the two connectors ask in these measurements; `pipelines/simulators` is the test
instrument. Run as `python -m benchmarks.server FOLDER ROWS`: prints its address, then serves until
its input ends.
"""

import json
import re
import sys
import threading
import time
from datetime import UTC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from benchmarks.pages import (
    ALL,
    CHANGES,
    CLOCK,
    LINES_PER_TRANSACTION,
    SOBJECT,
    bulk_file,
    changed_rows,
    page_count,
    suiteql_file,
)
from pipelines.netsuite.client import PAGE_ROWS as SUITEQL_PAGE_ROWS
from pipelines.salesforce.bulk import PAGE_ROWS as BULK_PAGE_ROWS

_AFTER: Final = re.compile(r"uniquekey > (\d+)")
_WITHIN: Final = re.compile(r"transaction IN \(([\d, ]+)\)")
_ISSUED: Final = f"{CLOCK.replace(tzinfo=UTC).timestamp():.0f}000"


class PageServer(ThreadingHTTPServer):
    """Holds where the pages are and how long serving them took.

    Attributes:
        seconds: processor time of all answers.
    """

    daemon_threads = True

    def __init__(self, folder: Path, rows: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.rows = {ALL: rows, CHANGES: changed_rows(rows)}
        self.seconds = 0.0
        self.lock = threading.Lock()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: PageServer

    def do_GET(self) -> None:
        self._timed()

    def do_POST(self) -> None:
        self._timed()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _timed(self) -> None:
        began = time.thread_time()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers, content = self._answer(body)
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()
        with self.server.lock:
            self.server.seconds += time.thread_time() - began

    def _answer(self, body: bytes) -> tuple[dict[str, str], bytes]:
        address = urlsplit(self.path)
        path, query = address.path, parse_qs(address.query)
        if path.endswith("/results"):
            return self._bulk_page(path.split("/")[-2], int(query.get("locator", ["0"])[0]))
        if path.endswith("/suiteql"):
            return {}, self._suiteql(json.loads(body)["q"])
        return {}, json.dumps(self._small(path, body)).encode()

    def _small(self, path: str, body: bytes) -> dict[str, Any]:
        if path.endswith("/seconds"):
            return {"seconds": self.server.seconds}
        if path.endswith("/token"):
            return {"access_token": "token", "issued_at": _ISSUED, "expires_in": "3600"}
        if path.endswith("/describe"):
            fields = SOBJECT.all_fields.items()
            return {"fields": [{"name": name, "type": kind} for name, kind in fields]}
        if path.endswith("/deleted/"):
            moment = f"{CLOCK.isoformat()}.000+0000"
            return {
                "deletedRecords": [],
                "earliestDateAvailable": moment.replace("2025", "2024"),
                "latestDateCovered": moment,
            }
        if path.endswith("/jobs/query"):
            part = CHANGES if ">=" in json.loads(body)["query"] else ALL
            return {"id": part, "state": "UploadComplete"}
        return {"id": path.rsplit("/", 1)[-1], "state": "JobComplete"}

    def _bulk_page(self, part: str, page: int) -> tuple[dict[str, str], bytes]:
        rows = self.server.rows[part]
        last = page + 1 >= page_count(rows, BULK_PAGE_ROWS)
        headers = {
            "Content-Type": "text/csv",
            "Sforce-NumberOfRecords": str(min(BULK_PAGE_ROWS, rows - page * BULK_PAGE_ROWS)),
            "Sforce-Locator": "null" if last else str(page + 1),
        }
        return headers, bulk_file(self.server.folder, part, page).read_bytes()

    def _suiteql(self, sql: str) -> bytes:
        after = _AFTER.search(sql)
        start = int(after[1]) if after else 0
        if within := _WITHIN.search(sql):
            return _living_keys([int(text) for text in within[1].split(",")], start)
        if "DUAL" in sql:
            return json.dumps({"items": [{"now": str(CLOCK)}], "hasMore": False}).encode()
        part = CHANGES if ">=" in sql else ALL
        if start >= self.server.rows[part]:
            return b'{"items":[],"hasMore":false,"count":0}'
        return suiteql_file(self.server.folder, part, start // SUITEQL_PAGE_ROWS).read_bytes()


def _living_keys(transactions: list[int], start: int) -> bytes:
    keys = [
        {"uniquekey": str(key), "transaction": str(transaction), "id": str(line)}
        for transaction in sorted(transactions)
        for line in range(LINES_PER_TRANSACTION)
        if (key := (transaction - 1) * LINES_PER_TRANSACTION + line + 1) > start
    ]
    page = keys[:SUITEQL_PAGE_ROWS]
    return json.dumps({"items": page, "hasMore": len(keys) > len(page)}).encode()


def main() -> None:
    """Serve until standard input ends, so that the server dies with whoever started it."""
    folder, rows = sys.argv[1:]
    server = PageServer(Path(folder), int(rows))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"http://127.0.0.1:{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
