"""A fake transport for the connectors' tests: answers requests from a list of rules."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict


@dataclass(frozen=True)
class Answer:
    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Wire:
    """Requests seen, and a handler that answers each."""

    handler: Callable[[PreparedRequest], Answer]
    requests: list[PreparedRequest] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [urlsplit(request.url).path for request in self.requests]

    def install(self, monkeypatch: pytest.MonkeyPatch) -> "Wire":
        def send(_: HTTPAdapter, request: PreparedRequest, **__: Any) -> Response:
            self.requests.append(request)
            answer = self.handler(request)
            response = Response()
            response.status_code = answer.status
            response.headers = CaseInsensitiveDict(answer.headers)
            content = answer.body
            if not isinstance(content, bytes | BytesIO):
                content = json.dumps(content).encode()
            response.raw = content if isinstance(content, BytesIO) else BytesIO(content)
            response.request = request
            response.url = request.url
            return response

        monkeypatch.setattr(HTTPAdapter, "send", send)
        monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0.001")
        return self


def query(request: PreparedRequest) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(urlsplit(request.url).query).items()}


def form(request: PreparedRequest) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(request.body).items()}
