"""Salesforce over HTTP: token, describe, REST query, within the org's API budget.

Every query is `queryAll`: a deleted row stays visible with IsDeleted true until the recycle bin
is emptied. Paging follows `done` and `nextRecordsUrl` only, since the server may shorten any
page. Bulk API 2.0 is in `bulk.py`.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import IO, Any, Final
from urllib.parse import urljoin, urlsplit

from dlt.sources.helpers.requests import Response

from pipelines.errors import SourceError
from pipelines.load.http import Http
from pipelines.salesforce.auth import chosen_flow
from pipelines.salesforce.budget import LIMIT_HEADER, Budget
from pipelines.salesforce.settings import SOURCE, SalesforceSettings

_FIXES: Final = {
    "INVALID_SESSION_ID": "Check that the connected app is active and its run-as user may log in.",
    "REQUEST_LIMIT_EXCEEDED": "Wait until the rolling 24-hour window frees API requests, or raise "
    "the org's limit, then load again: what is loaded is kept.",
    "INVALID_FIELD": "Grant the integration user read access to the field, or list it under "
    "optional_fields in [sources.salesforce.objects.<object>].",
    "INVALID_TYPE": "Grant the integration user read access to the object, or set optional = true "
    "in [sources.salesforce.objects.<object>].",
    "API_VERSION_MISMATCH": "Set sources.salesforce.api_version to one that the org supports, and "
    "check that no proxy rewrites the version in the address.",
    "QUERY_TIMEOUT": 'Read the object with api="bulk" in [sources.salesforce.objects.<object>].',
    "INVALID_QUERY_LOCATOR": "Load again at a quieter hour: cursors of the query keep expiring.",
    "API_DISABLED_FOR_ORG": "Enable API access for the org and the integration user's profile.",
    "INSUFFICIENT_ACCESS": "Grant the integration user the API Enabled permission and read access.",
}


@dataclass(frozen=True)
class Field:
    """What describe says of a field.

    Attributes:
        kind: describe type (string, currency, ...).
        calculated: a formula, whose changes move no stamp.
    """

    kind: str
    calculated: bool = False


class RefusedError(SourceError):
    """An answer of Salesforce that is not the one asked for; `code` is its errorCode."""

    code = ""


class SalesforceClient:
    """One org. Safe to share between threads."""

    def __init__(self, settings: SalesforceSettings) -> None:
        """Prepare; nothing is sent before `connect`.

        Raises:
            ConfigurationError: not exactly one way to log in is configured, or the host is a
                shared login host.
        """
        address = settings.instance_url.strip().rstrip("/")
        self.base_url = address if "://" in address else f"https://{address}"
        self.host = urlsplit(self.base_url).netloc
        self.settings = settings
        self.budget = Budget(settings.api_reserve_percent)
        self._flow = chosen_flow(settings)
        self.clock = datetime.min.replace(tzinfo=UTC)
        self._http = Http(SOURCE, "instance_url")
        self._token = ""
        self._renewal = threading.Lock()

    @property
    def data_path(self) -> str:
        """Path of the versioned REST resources."""
        return f"/services/data/v{self.settings.api_version.removeprefix('v')}"

    @property
    def token_url(self) -> str:
        """Where to log in."""
        return f"{self.base_url}/services/oauth2/token"

    def server_time(self) -> datetime | None:
        """The time by which log-ins are judged; no credentials are sent.

        Raises:
            SourceError: unreachable.
        """
        return self._http.server_time(self.token_url)

    def connect(self) -> None:
        """Log in and read the org's clock: the upper bound of every query of this load.

        Raises:
            SourceError: unreachable, or the credentials are refused.
        """
        self.clock = self._login()

    def _login(self) -> datetime:
        response = self._http.login(self.token_url, **self._flow.request())
        body = self._http.json(response)
        if response.status_code != HTTPStatus.OK or "access_token" not in body:
            reason = body.get("error_description") or body.get("error") or response.status_code
            raise SourceError(
                f"{self.host} refused the credentials: {reason}.",
                source=SOURCE,
                fix=self._flow.fix(str(reason)),
            )
        self._token = body["access_token"]
        if issued := body.get("issued_at"):
            return datetime.fromtimestamp(int(issued) // 1000, UTC)
        return parsedate_to_datetime(response.headers["Date"]).astimezone(UTC)

    def call(
        self,
        method: str,
        path: str,
        *,
        object_name: str | None = None,
        accept: tuple[int, ...] = (HTTPStatus.OK,),
        **options: Any,
    ) -> Response:
        """Call a resource; an expired token is renewed once and the same call repeated.

        Args:
            method: HTTP method.
            path: absolute path on the instance.
            object_name: named in an error.
            accept: statuses returned to the caller; any other raises.
            options: of `requests.request`.

        Raises:
            BudgetError: the reserve of API requests would be touched.
            SourceError: unreachable, or any other status.
        """
        self.budget.check(object_name)
        url = urljoin(f"{self.base_url}/", path)
        token = self._token
        response = self._http.send(method, url, headers=_bearer(token), **options)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            with self._renewal:
                if self._token == token:  # not yet renewed by another thread
                    self._login()
            response = self._http.send(method, url, headers=_bearer(self._token), **options)
        self.budget.note(response.headers.get(LIMIT_HEADER, ""))
        if response.status_code not in accept:
            raise self._refusal(response, object_name)
        return response

    def save(self, response: Response, file: IO[bytes]) -> bool:
        """Write a streamed body to an empty file; False, and the file empty, if it broke off."""
        return self._http.save(response, file)

    def json(self, response: Response) -> Any:
        """The body with decimals kept exact."""
        return self._http.json(response)

    def describe(self, object_name: str) -> dict[str, Field] | None:
        """Fields the integration user may read, by API name; None if there is no object."""
        response = self.call(
            "GET",
            f"{self.data_path}/sobjects/{object_name}/describe",
            object_name=object_name,
            accept=(HTTPStatus.OK, HTTPStatus.NOT_FOUND),
        )
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        return {
            field["name"]: Field(field["type"], bool(field.get("calculated")))
            for field in self.json(response)["fields"]
        }

    def count(self, soql: str, object_name: str) -> int:
        """What a COUNT() query counts, deleted records included."""
        response = self.call(
            "GET", f"{self.data_path}/queryAll", object_name=object_name, params={"q": soql}
        )
        return int(self.json(response)["totalSize"])

    def query(self, soql: str, object_name: str) -> Iterator[list[dict[str, Any]]]:
        """Pages of records, deleted ones included, as the server cuts them."""
        response = self.call(
            "GET", f"{self.data_path}/queryAll", object_name=object_name, params={"q": soql}
        )
        page = self.json(response)
        yield page["records"]
        while not page["done"]:
            page = self.json(self.call("GET", page["nextRecordsUrl"], object_name=object_name))
            yield page["records"]

    def _refusal(self, response: Response, object_name: str | None) -> RefusedError:
        """Errors are a list of {errorCode, message}; a gateway may answer with anything."""
        try:
            code, message = (str(response.json()[0][key]) for key in ("errorCode", "message"))
        except (ValueError, LookupError, TypeError):
            code, message = f"HTTP {response.status_code}", response.text[:200]
        refused = RefusedError(
            f"{self.host} refused {urlsplit(response.url).path}: {code}: {message.strip()}",
            source=SOURCE,
            object_name=object_name,
            fix=_FIXES.get(
                code, "Load again; if it persists, look the code up in the Salesforce API guide."
            ).replace("<object>", object_name or "<object>"),
        )
        refused.code = code
        return refused


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
