"""HTTP as both connectors use it: dlt's retrying client, timeouts, money never as a float."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import IO, Any, Final
from urllib.parse import urlsplit

from dlt.sources.helpers import requests
from requests import PreparedRequest
from requests.adapters import HTTPAdapter

from pipelines.errors import SourceError

Sign = Callable[[PreparedRequest], PreparedRequest]

# Seconds to connect, seconds between two bytes: a query may compute for minutes before its first.
TIMEOUT: Final = (10, 300)
# A login is tried twice only, so that a wrong host is reported within seconds.
LOGIN_ATTEMPTS: Final = 2
_PART_BYTES: Final = 1 << 20


class _SigningAdapter(HTTPAdapter):
    """Signs a request each time it is sent: dlt repeats one that is prepared already."""

    def __init__(self, sign: Sign) -> None:
        super().__init__()
        self._sign = sign

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        return super().send(self._sign(request), *args, **options)


class Http:
    """Sends requests for one source and reports failures in its name.

    429, 5xx and broken connections are retried with back-off, `Retry-After` respected; the
    response of the last attempt is returned whatever its status.
    """

    def __init__(
        self,
        source: str,
        setting: str,
        retry_when: Callable[[requests.Response], bool] | None = None,
        sign: Sign | None = None,
    ) -> None:
        """Prepare the sessions.

        Args:
            source: `salesforce` or `netsuite`.
            setting: the setting that holds the host, named when the host is unreachable.
            retry_when: further responses to retry.
            sign: signs each try of a request; log-ins are not signed.
        """

        def retry(response: requests.Response | None, _: BaseException | None) -> bool:
            return response is not None and retry_when is not None and retry_when(response)

        self.source = source
        self._setting = setting
        self._signing = _SigningAdapter(sign) if sign else None
        self._client = requests.Client(raise_for_status=False, retry_condition=retry)
        self._login_client = requests.Client(
            raise_for_status=False, request_max_attempts=LOGIN_ATTEMPTS
        )

    def send(self, method: str, url: str, **options: Any) -> requests.Response:
        """Send a request; any status is an answer.

        Raises:
            SourceError: the host cannot be reached.
        """
        if self._signing:
            for scheme in ("http://", "https://"):
                self._client.session.mount(scheme, self._signing)
        return self._send(self._client, method, url, options)

    def save(self, response: requests.Response, file: IO[bytes]) -> bool:
        """Write the body of a response that was asked for with `stream=True`, without NUL bytes.

        Returns:
            Whether all of it came. If not, the file is empty again.
        """
        try:
            for part in response.iter_content(_PART_BYTES):
                file.write(part.replace(b"\x00", b""))
        except requests.RequestException:
            file.seek(0)
            file.truncate()
            return False
        file.seek(0)
        return True

    def server_time(self, url: str) -> datetime | None:
        """The host's own clock, aware: the Date of its answer to a log-in without credentials."""
        stated = self.login(url).headers.get("Date")
        return parsedate_to_datetime(stated).astimezone(UTC) if stated else None

    def login(self, url: str, **options: Any) -> requests.Response:
        """Post to a token resource, giving up early."""
        return self._send(self._login_client, "POST", url, options)

    def _send(
        self, client: requests.Client, method: str, url: str, options: dict[str, Any]
    ) -> requests.Response:
        try:
            return client.request(method, url, timeout=TIMEOUT, **options)
        except requests.RequestException as error:
            raise SourceError(
                f"{urlsplit(url).netloc} cannot be reached ({type(error).__name__}).",
                source=self.source,
                fix=f"Check sources.{self.source}.{self._setting}, the network and the "
                "certificates of this machine.",
            ) from error

    def json(self, response: requests.Response) -> Any:
        """The body with decimals kept exact.

        Raises:
            SourceError: the body is not JSON (a proxy or maintenance page).
        """
        try:
            return response.json(parse_float=Decimal)
        except ValueError as error:
            raise SourceError(
                f"{urlsplit(response.url).netloc} answered {response.status_code} with a body "
                f"that is not JSON: {response.text[:80]!r}.",
                source=self.source,
                fix=f"Check that sources.{self.source}.{self._setting} is the API host and no "
                "proxy answers in its place.",
            ) from error
