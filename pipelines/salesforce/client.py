"""Salesforce over HTTP: client-credentials token, describe, REST query.

Every query is `queryAll`: a deleted row stays visible with IsDeleted true until the recycle bin
is emptied. Paging follows `done` and `nextRecordsUrl` only, since the server may shorten any
page. Bulk API 2.0 is in `bulk.py`.
"""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import IO, Any, Final
from urllib.parse import urljoin, urlsplit

from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue
from dlt.sources.helpers.requests import Response

from pipelines.errors import ConfigurationError, SourceError
from pipelines.load.http import Http

SOURCE: Final = "salesforce"
# Hosts that refuse the client-credentials flow, whatever the credentials.
SHARED_LOGIN_HOSTS: Final = ("login.salesforce.com", "test.salesforce.com")

_FIXES: Final = {
    "INVALID_SESSION_ID": "Check that the connected app is active and its run-as user may log in.",
    "REQUEST_LIMIT_EXCEEDED": "Wait until the rolling 24-hour window frees API requests, or raise "
    "the org's limit, then load again: what is loaded is kept.",
    "INVALID_FIELD": "Grant the integration user read access to the field, or remove it from "
    "pipelines/salesforce/objects.py.",
    "INVALID_TYPE": "Grant the integration user read access to the object, or mark it optional in "
    "pipelines/salesforce/objects.py.",
    "API_VERSION_MISMATCH": "Set sources.salesforce.api_version to one that the org supports, and "
    "check that no proxy rewrites the version in the address.",
    "QUERY_TIMEOUT": 'Read the object with api="bulk" in pipelines/salesforce/objects.py.',
    "INVALID_QUERY_LOCATOR": "Load again at a quieter hour: cursors of the query keep expiring.",
    "API_DISABLED_FOR_ORG": "Enable API access for the org and the integration user's profile.",
    "INSUFFICIENT_ACCESS": "Grant the integration user the API Enabled permission and read access.",
}


@configspec
class SalesforceSettings(BaseConfiguration):
    """Section `sources.salesforce`."""

    instance_url: str = None  # type: ignore[assignment] # configspec: None means required
    """My Domain address of the org, `https://<domain>.my.salesforce.com`."""
    client_id: str = None  # type: ignore[assignment]
    """Consumer key of the External Client App (client-credentials flow, run-as user set)."""
    client_secret: TSecretStrValue = None  # type: ignore[assignment]
    """Consumer secret of the same app."""
    api_version: str = "60.0"
    """REST and Bulk API version."""
    lag_seconds: int = 600
    """Overlap of two loads: a row is stamped when written and visible when committed, so it can
    appear behind the newest stamp already loaded."""
    bulk_timeout_seconds: int = 3600
    """How long to wait for one Bulk API job."""
    compare_days: int = 7
    """Days after which all ids of an object are compared with the warehouse; 0 means never."""


class RefusedError(SourceError):
    """An answer of Salesforce that is not the one asked for; `code` is its errorCode."""

    code = ""


class SalesforceClient:
    """One org. Safe to share between threads."""

    def __init__(self, settings: SalesforceSettings) -> None:
        """Prepare; nothing is sent before `connect`.

        Raises:
            ConfigurationError: the host is a shared login host.
        """
        address = settings.instance_url.strip().rstrip("/")
        self.base_url = address if "://" in address else f"https://{address}"
        self.host = urlsplit(self.base_url).netloc
        if self.host in SHARED_LOGIN_HOSTS:
            raise ConfigurationError(
                f"{self.host} refuses the client-credentials flow.",
                source=SOURCE,
                field="instance_url",
                fix="Set sources.salesforce.instance_url to the org's My Domain host "
                "(Setup, My Domain).",
            )
        self.settings = settings
        self.clock = datetime.min.replace(tzinfo=UTC)
        self._http = Http(SOURCE, "instance_url")
        self._token = ""
        self._renewal = threading.Lock()

    @property
    def data_path(self) -> str:
        """Path of the versioned REST resources."""
        return f"/services/data/v{self.settings.api_version.removeprefix('v')}"

    def connect(self) -> None:
        """Log in and read the org's clock: the upper bound of every query of this load.

        Raises:
            SourceError: unreachable, or the credentials are refused.
        """
        self.clock = self._login()

    def _login(self) -> datetime:
        response = self._http.login(
            f"{self.base_url}/services/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(self.settings.client_id, str(self.settings.client_secret)),
        )
        body = self._http.json(response)
        if response.status_code != HTTPStatus.OK or "access_token" not in body:
            reason = body.get("error_description") or body.get("error") or response.status_code
            raise SourceError(
                f"{self.host} refused the credentials: {reason}.",
                source=SOURCE,
                fix="Check sources.salesforce.client_id and client_secret, and that the app "
                "allows the client-credentials flow with a run-as user.",
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
            SourceError: unreachable, or any other status.
        """
        url = urljoin(f"{self.base_url}/", path)
        token = self._token
        response = self._http.send(method, url, headers=_bearer(token), **options)
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            with self._renewal:
                if self._token == token:  # not yet renewed by another thread
                    self._login()
            response = self._http.send(method, url, headers=_bearer(self._token), **options)
        if response.status_code not in accept:
            raise self._refusal(response, object_name)
        return response

    def save(self, response: Response, file: IO[bytes]) -> bool:
        """Write a streamed body to an empty file; False, and the file empty, if it broke off."""
        return self._http.save(response, file)

    def json(self, response: Response) -> Any:
        """The body with decimals kept exact."""
        return self._http.json(response)

    def describe(self, object_name: str) -> dict[str, str] | None:
        """Fields the integration user may read: API name -> type; None if there is no object."""
        response = self.call(
            "GET",
            f"{self.data_path}/sobjects/{object_name}/describe",
            object_name=object_name,
            accept=(HTTPStatus.OK, HTTPStatus.NOT_FOUND),
        )
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        return {field["name"]: field["type"] for field in self.json(response)["fields"]}

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
            ),
        )
        refused.code = code
        return refused


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
