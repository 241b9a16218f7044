"""NetSuite over HTTP: OAuth 2.0 client-credentials token, SuiteQL.

The token is asked for with a signed assertion (certificate mapped in NetSuite, PS256 or ES256;
RS256 is refused by NetSuite) and lives an hour; token-based authentication ends in 2028 and is
not offered. SuiteQL here is always one page of at most 1,000 rows: paging is by key, see
`suiteql.py`.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue
from dlt.sources.helpers.requests import Response

from pipelines.errors import ConfigurationError, SourceError
from pipelines.load.http import Http
from pipelines.netsuite.answers import TextPage, exact_page, fast_page

SOURCE: Final = "netsuite"
PAGE_ROWS: Final = 1_000
ASSERTION_SECONDS: Final = 300
# Renewed this long before it expires, so that no query is cut off by its own token.
RENEWAL_MARGIN_SECONDS: Final = 120
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CURVE_ALGORITHMS: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
# Governance is answered with 429 by most accounts and with 400 and one of these by some.
_BUSY_CODES: Final = ("CONCURRENCY_LIMIT_EXCEEDED", "REQUEST_LIMIT_EXCEEDED")


@configspec
class NetSuiteSettings(BaseConfiguration):
    """Section `sources.netsuite`."""

    account_id: str = None  # type: ignore[assignment] # configspec: None means required
    """Account ID as NetSuite shows it, `1234567` or `1234567_SB1`."""
    client_id: str = None  # type: ignore[assignment]
    """Client ID of the integration record (client credentials enabled)."""
    certificate_id: str = None  # type: ignore[assignment]
    """Certificate ID of the mapping in OAuth 2.0 Client Credentials (M2M) Setup."""
    private_key: TSecretStrValue = None  # type: ignore[assignment]
    """Private key of that certificate, PEM text; RSA or elliptic curve."""
    algorithm: str | None = None
    """Signature algorithm; None takes PS256 for an RSA key, ES256/384/512 by curve."""
    base_url: str | None = None
    """API address, when it is not the account's own."""
    web_url: str | None = None
    """Address records are linked under, when it is not the account's own."""
    lag_seconds: int = 4200
    """Overlap of two loads. Stamps are in account time: in the autumn an hour happens twice, and
    a change in its second pass is stamped up to an hour behind the newest stamp. Hence an hour,
    and ten minutes for late commits."""
    compare_days: int = 7
    """Days after which all keys of a table are compared with the warehouse; 0 means never."""


@dataclass(frozen=True)
class Page:
    """One answer of SuiteQL: rows with null columns absent, and whether more match."""

    rows: list[dict[str, Any]]
    has_more: bool


class RecordMissingError(SourceError):
    """The account has no such table, has the feature off, or the role may not see it."""


class NetSuiteClient:
    """One account. Safe to share between threads."""

    def __init__(self, settings: NetSuiteSettings) -> None:
        """Read the key; nothing is sent.

        Raises:
            ConfigurationError: the private key is not a PEM private key.
        """
        account = settings.account_id.strip().lower().replace("_", "-")
        own = f"https://{account}.suitetalk.api.netsuite.com"
        self.base_url = (settings.base_url or own).rstrip("/")
        self.web_url = (settings.web_url or f"https://{account}.app.netsuite.com").rstrip("/")
        self.host = urlsplit(self.base_url).netloc
        self.settings = settings
        # An environment variable may hold the line breaks of the PEM text as \n.
        self._key = str(settings.private_key).replace("\\n", "\n")
        self._algorithm = _algorithm(self._key, settings.algorithm)
        self._http = Http(SOURCE, "account_id (or base_url)", retry_when=_is_busy)
        self._token = ""
        self._expires = 0.0
        self._renewal = threading.Lock()

    def connect(self) -> None:
        """Log in.

        Raises:
            SourceError: unreachable, or the credentials are refused.
        """
        self._bearer()

    def _bearer(self, refused: str | None = None) -> str:
        """A token with life left in it; never the one that was just refused."""
        with self._renewal:
            if self._token == refused or time.monotonic() > self._expires:
                self._log_in()
            return self._token

    def _log_in(self) -> None:
        address = f"{self.base_url}/services/rest/auth/oauth2/v1/token"
        response = self._http.login(
            address,
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": _ASSERTION_TYPE,
                "client_assertion": self._assertion(address),
            },
        )
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

    def _assertion(self, audience: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.settings.client_id,
            "scope": ["rest_webservices"],
            "aud": audience,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        headers = {"kid": self.settings.certificate_id}
        return jwt.encode(claims, self._key, algorithm=self._algorithm, headers=headers)

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
        token = self._bearer()
        response = self._ask(sql, token)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response = self._ask(sql, self._bearer(refused=token))
        if response.status_code != HTTPStatus.OK:
            raise self._refusal(response, table)
        return response

    def _ask(self, sql: str, token: str) -> Response:
        return self._http.send(
            "POST",
            f"{self.base_url}/services/rest/query/v1/suiteql",
            params={"limit": PAGE_ROWS, "offset": 0},
            headers={"Authorization": f"Bearer {token}", "Prefer": "transient"},
            json={"q": sql},
        )

    def _refusal(self, response: Response, table: str | None) -> SourceError:
        code, detail = _error(response)
        kind, fix, column = (
            SourceError,
            "Load again; if it persists, look the code up in the NetSuite help.",
            None,
        )
        if "Unknown identifier" in detail:
            column = detail.split("'")[1] if "'" in detail else None
            fix = (
                "Enable the feature that owns the column, or remove it from "
                "pipelines/netsuite/tables.py."
            )
        elif _names_missing_record(code, detail):
            kind = RecordMissingError
            fix = (
                "Enable the feature or grant the role view permission on the record, or mark "
                "the table optional in pipelines/netsuite/tables.py."
            )
        elif response.status_code == HTTPStatus.UNAUTHORIZED:
            fix = "Check the role: REST Web Services and Log in using OAuth 2.0 Access Tokens."
        elif _is_busy(response):
            fix = "Load again later, or raise the account's concurrency limit."
        return kind(
            f"{self.host} refused the query: {code}: {detail}",
            source=SOURCE,
            object_name=table,
            field=column,
            fix=fix,
        )


def _algorithm(pem: str, configured: str | None) -> str:
    """The configured one, else PS256 for RSA or the one of its curve for an elliptic curve."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            "The private key is not the PEM text of an unencrypted private key.",
            source=SOURCE,
            field="private_key",
            fix="Set sources.netsuite.private_key to the whole text, from -----BEGIN to the last "
            "line -----END.",
        ) from error
    if configured:
        return configured
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return _CURVE_ALGORITHMS.get(key.curve.name, "ES256")
    return "PS256"


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
