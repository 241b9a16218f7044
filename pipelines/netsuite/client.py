"""NetSuite over HTTP: log-in, SuiteQL.

An OAuth 2.0 token lives an hour and is renewed in time; with token-based authentication every
request is signed instead. SuiteQL here is always one page of at most 1,000 rows: paging is by
key, see `suiteql.py`.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from dlt.sources.helpers.requests import Response

from pipelines.errors import SourceError
from pipelines.load.http import Http
from pipelines.netsuite.answers import TextPage, exact_page, fast_page
from pipelines.netsuite.auth import SignedAssertion, chosen_login
from pipelines.netsuite.settings import SOURCE, NetSuiteSettings
from pipelines.netsuite.tba import TbaKeys, TbaSignature

PAGE_ROWS: Final = 1_000
# Renewed this long before it expires, so that no query is cut off by its own token.
RENEWAL_MARGIN_SECONDS: Final = 120
# Governance is answered with 429 by most accounts and with 400 and one of these by some.
_BUSY_CODES: Final = ("CONCURRENCY_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED")


@dataclass(frozen=True)
class Page:
    """One answer of SuiteQL: rows with null columns absent, and whether more match."""

    rows: list[dict[str, Any]]
    has_more: bool


class RecordMissingError(SourceError):
    """The account has no such table, has the feature off, or the role may not see it."""


class ColumnMissingError(SourceError):
    """A column is not there for this account and role; `field` is its name."""


class NetSuiteClient:
    """One account. Safe to share between threads."""

    def __init__(self, settings: NetSuiteSettings) -> None:
        """Read the key; nothing is sent.

        Raises:
            ConfigurationError: not exactly one way to log in is configured, or its key does not
                fit.
        """
        account = settings.account_id.strip().lower().replace("_", "-")
        own = f"https://{account}.suitetalk.api.netsuite.com"
        self.base_url = (settings.base_url or own).rstrip("/")
        self.web_url = (settings.web_url or f"https://{account}.app.netsuite.com").rstrip("/")
        self.host = urlsplit(self.base_url).netloc
        self.settings = settings
        self._login = chosen_login(settings)
        self._slots = threading.BoundedSemaphore(max(settings.concurrency, 1))
        signature = TbaSignature(self._login) if isinstance(self._login, TbaKeys) else None
        self._http = Http(SOURCE, "account_id (or base_url)", _is_busy, signature)
        self._token = ""
        self._expires = 0.0
        self._renewal = threading.Lock()

    @property
    def token_url(self) -> str:
        """Where to log in."""
        return f"{self.base_url}/services/rest/auth/oauth2/v1/token"

    def server_time(self) -> datetime | None:
        """The time by which log-ins are judged; no credentials are sent.

        Raises:
            SourceError: unreachable.
        """
        return self._http.server_time(self.token_url)

    def connect(self) -> None:
        """Log in; a signature is first judged by the first query.

        Raises:
            SourceError: unreachable, or the credentials are refused.
        """
        if isinstance(self._login, SignedAssertion):
            self._bearer(self._login)

    def _bearer(self, login: SignedAssertion, refused: str | None = None) -> str:
        """A token with life left in it; never the one that was just refused."""
        with self._renewal:
            if self._token == refused or time.monotonic() > self._expires:
                self._log_in(login)
            return self._token

    def _log_in(self, login: SignedAssertion) -> None:
        response = self._http.login(self.token_url, data=login.form(self.token_url))
        body = self._http.json(response)
        if response.status_code != HTTPStatus.OK or "access_token" not in body:
            reason = body.get("error_description") or body.get("error") or response.status_code
            raise SourceError(
                f"{self.host} refused the credentials: {reason}.",
                source=SOURCE,
                fix="Check sources.netsuite.client_id, certificate_id and private_key, that the "
                "certificate is still mapped (a sandbox refresh wipes the mapping), and this "
                "machine's clock.",
            )
        self._token = body["access_token"]
        life = int(body.get("expires_in", 3600))
        self._expires = time.monotonic() + max(life - RENEWAL_MARGIN_SECONDS, life // 2)

    def page(self, sql: str, table: str | None = None) -> Page:
        """The first page of a query: at most `PAGE_ROWS` rows.

        Raises:
            RecordMissingError: the table is not there for this role.
            SourceError: unreachable, or the query is refused.
        """
        body = self._http.json(self._answer(sql, table))
        return Page(body["items"], bool(body.get("hasMore")))

    def text_page(self, sql: str, columns: Sequence[str], table: str | None = None) -> TextPage:
        """The same page as text columns, for tables that may be large.

        Raises:
            RecordMissingError: the table is not there for this role.
            SourceError: unreachable, or the query is refused.
        """
        response = self._answer(sql, table)
        page = fast_page(response.content, columns)
        return page or exact_page(self._http.json(response), columns)

    def _answer(self, sql: str, table: str | None) -> Response:
        with self._slots:
            response = self._ask(sql)
        if response.status_code != HTTPStatus.OK:
            raise self._refusal(response, table)
        return response

    def _ask(self, sql: str) -> Response:
        """Ask, and once more with a new token or signature if the first is refused."""
        if isinstance(self._login, TbaKeys):
            response = self._post(sql, {})
            return self._post(sql, {}) if _is_unauthorized(response) else response
        token = self._bearer(self._login)
        response = self._post(sql, {"Authorization": f"Bearer {token}"})
        if _is_unauthorized(response):
            token = self._bearer(self._login, refused=token)
            response = self._post(sql, {"Authorization": f"Bearer {token}"})
        return response

    def _post(self, sql: str, headers: dict[str, str]) -> Response:
        return self._http.send(
            "POST",
            f"{self.base_url}/services/rest/query/v1/suiteql",
            params={"limit": PAGE_ROWS, "offset": 0},
            headers={**headers, "Prefer": "transient"},
            json={"q": sql},
        )

    def _refusal(self, response: Response, table: str | None) -> SourceError:
        code, detail = _error(response)
        kind: type[SourceError] = SourceError
        fix, column = (
            "Load again; if it persists, look the code up in the NetSuite help.",
            None,
        )
        if "Unknown identifier" in detail:
            kind = ColumnMissingError
            column = detail.split("'")[1] if "'" in detail else None
            fix = (
                "Enable the feature that owns the column or grant the role access to it, or list "
                f"it under optional_columns in [sources.netsuite.tables.{table}]."
            )
        elif _names_missing_record(code, detail):
            kind = RecordMissingError
            fix = (
                "Enable the feature or grant the role view permission on the record, or set "
                f"optional = true in [sources.netsuite.tables.{table}]."
            )
        elif _is_unauthorized(response):
            fix = self._refused_login_fix()
        elif _is_busy(response):
            fix = "Load again later, or raise the account's concurrency limit."
        return kind(
            f"{self.host} refused the query: {code}: {detail}",
            source=SOURCE,
            object_name=table,
            field=column,
            fix=fix,
        )

    def _refused_login_fix(self) -> str:
        if isinstance(self._login, TbaKeys):
            return (
                f"Check sources.netsuite.account_id (it makes the realm {self._login.realm}), "
                "consumer_key, consumer_secret, token_id and token_secret, that the token is not "
                "revoked, and this machine's clock (a signature is good for five minutes)."
            )
        return "Check the role: REST Web Services and Log in using OAuth 2.0 Access Tokens."


def _is_unauthorized(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNAUTHORIZED


def _is_busy(response: Response) -> bool:
    return response.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS) and any(
        code in response.text for code in _BUSY_CODES
    )


def _names_missing_record(code: str, detail: str) -> bool:
    return (
        ("Record '" in detail and "not found" in detail)
        or "Invalid search type" in detail
        or code == "INSUFFICIENT_PERMISSION"
    )


def _error(response: Response) -> tuple[str, str]:
    """Code and text of {"o:errorDetails": [...]}; a gateway may answer with anything."""
    try:
        first = response.json()["o:errorDetails"][0]
        return str(first.get("o:errorCode", response.status_code)), str(first["detail"])
    except (ValueError, LookupError, TypeError):
        return f"HTTP {response.status_code}", response.text[:200]
