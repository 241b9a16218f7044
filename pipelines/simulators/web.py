"""What both servers share: one request, one door, tokens, and errors that are wire facts."""

import json
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime, formatdate
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pipelines.simulators.store import Clock


@dataclass(frozen=True)
class Call:
    """One request, read to its end.

    Attributes:
        method: HTTP method.
        url: address without the query string, as the client wrote the host.
        base_url: scheme and host of that address.
        path: parts of the path that the route names.
        query: query parameters.
        headers: request headers, any case.
        body: request body.
        bends: what a fault bends in the answer, by name; empty without a fault.
        full_url: address with the query string.
    """

    method: str
    url: str
    base_url: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    bends: Mapping[str, int] = field(default_factory=dict)
    full_url: str = ""

    def form(self) -> dict[str, str]:
        """The body as a URL-encoded form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace")))

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object.

        Raises:
            ValueError: the body is anything else.
        """
        content = json.loads(self.body)
        if not isinstance(content, dict):
            raise ValueError("the body must be a JSON object")
        return content


class WireError(Exception):
    """An error reply: HTTP status and JSON body."""

    def __init__(self, status: int, body: object, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"HTTP {status}")
        self.response = JSONResponse(body, status, headers)


@dataclass
class Tokens:
    """Bearer tokens of one server.

    Attributes:
        prefix: what every token starts with.
        lifetime: seconds a token is good for, by the machine's clock.
    """

    prefix: str
    lifetime: float
    _issued: dict[str, float] = field(default_factory=dict)

    def issue(self) -> str:
        """A new token."""
        token = f"{self.prefix}{secrets.token_urlsafe(48)}"
        self._issued[token] = time.monotonic()
        return token

    def accepts(self, authorization: str) -> bool:
        """Whether the Authorization header carries a token that is still good."""
        scheme, _, token = authorization.partition(" ")
        issued = self._issued.get(token.strip())
        return (
            scheme.lower() in ("bearer", "oauth")
            and issued is not None
            and time.monotonic() - issued < self.lifetime
        )

    def expire_all(self) -> None:
        """End every session."""
        self._issued.clear()


Handler = Callable[[Call], Response]


class Script(Protocol):
    """What a server plays besides the truth; see `faults.Scenario`."""

    def play(self, api: "Api", call: Call, handler: Handler) -> Response:
        """Answer a request, perhaps not as the handler would."""


class Api(ABC):
    """One server: its routes, and the one door each request passes.

    Attributes:
        system: `salesforce` or `netsuite`.
        clock: the system's own time.
        tokens: its open sessions.
        scenario: faults to play, None for a server without any.
        seconds_ahead: how far the clock that log-ins are judged by is ahead of this machine's.
            That clock is real; `clock` is the story's.
    """

    system: str
    seconds_ahead: float = 0.0

    def __init__(self, clock: Clock, tokens: Tokens) -> None:
        self.clock = clock
        self.tokens = tokens
        self.scenario: Script | None = None

    @abstractmethod
    def routes(self) -> list[Route]:
        """The server's resources, made with `route` and `public_route`."""

    @abstractmethod
    def refused_token(self) -> WireError:
        """The reply to a missing, unknown or expired token."""

    @abstractmethod
    def not_found(self, request: Request, error: Exception) -> Response:
        """The reply to an unknown path or method."""

    @abstractmethod
    def object_of(self, call: Call) -> str:
        """The object or table that a request reads; empty if none."""

    def answer(self, call: Call, handler: Handler) -> Response:
        """Answer one authorized request. Every fault a scenario plays steps in here."""
        return self.scenario.play(self, call, handler) if self.scenario else handler(call)

    @property
    def login_time(self) -> float:
        """Seconds since the epoch by the clock that log-ins are judged by."""
        return time.time() + self.seconds_ahead

    def login_route(self, path: str, handler: Handler) -> Route:
        """The token resource. Its Date is that of the clock that log-ins are judged by."""

        def dated(call: Call) -> Response:
            response = _reply(handler, call)
            response.headers["Date"] = formatdate(self.login_time, usegmt=True)
            return response

        return self.public_route(path, dated, "POST")

    def authorized(self, call: Call) -> bool:
        """Whether a request may pass the door."""
        return self.tokens.accepts(call.headers.get("authorization", ""))

    def route(self, path: str, handler: Handler, method: str = "GET") -> Route:
        """A resource that needs a token."""

        def guarded(call: Call) -> Response:
            if not self.authorized(call):
                raise self.refused_token()
            return self.answer(call, handler)

        return self.public_route(path, guarded, method)

    def public_route(self, path: str, handler: Handler, method: str = "GET") -> Route:
        """A resource open to anyone, answered in a worker thread: the store blocks."""

        async def endpoint(request: Request) -> Response:
            call = Call(
                request.method,
                str(request.url.replace(query="")),
                str(request.base_url).rstrip("/"),
                request.path_params,
                request.query_params,
                request.headers,
                await request.body(),
                full_url=str(request.url),
            )
            response = await run_in_threadpool(_reply, handler, call)
            # The system's own clock, not this machine's: clients bound their queries by it.
            now = format_datetime(self.clock.now.astimezone(UTC), usegmt=True)
            response.headers.setdefault("Date", now)
            return response

        return Route(path, endpoint, methods=[method])

    def app(self) -> Starlette:
        """The server as an ASGI application; replies are compressed when the client accepts."""
        answer_unknown: Callable[[Request, Exception], Awaitable[Response] | Response]
        answer_unknown = self.not_found
        return Starlette(
            routes=self.routes(),
            middleware=[Middleware(GZipMiddleware, minimum_size=1000, compresslevel=3)],
            exception_handlers={404: answer_unknown, 405: answer_unknown},
        )


def _reply(handler: Handler, call: Call) -> Response:
    try:
        return handler(call)
    except WireError as error:
        return error.response
