"""Token-based authentication: OAuth 1.0a with HMAC-SHA256 (RFC 5849).

Signed are method, address, query and the oauth parameters; a JSON body is not. A nonce is good
once and a timestamp for five minutes, so every try is signed anew (`pipelines.load.http` calls
`TbaSignature` whenever a request is sent, also when it is repeated).
"""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from requests import PreparedRequest
from requests.auth import AuthBase

METHOD: Final = "HMAC-SHA256"


@dataclass(frozen=True)
class TbaKeys:
    """Credentials of one integration, user and role.

    Attributes:
        realm: account id in upper case with an underscore, `1234567_SB1`.
    """

    realm: str
    consumer_key: str
    token_id: str
    consumer_secret: str = field(repr=False)
    token_secret: str = field(repr=False)


class TbaSignature(AuthBase):
    """Signs each request as it is sent."""

    def __init__(self, keys: TbaKeys) -> None:
        self._keys = keys

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Add the Authorization header, with a nonce and a timestamp of its own."""
        request.headers["Authorization"] = authorization(
            self._keys,
            str(request.method),
            str(request.url),
            nonce=secrets.token_hex(16),
            timestamp=int(time.time()),
        )
        return request


def authorization(keys: TbaKeys, method: str, url: str, *, nonce: str, timestamp: int) -> str:
    """The header of one request; the query of `url` is signed with it."""
    oauth = {
        "oauth_consumer_key": keys.consumer_key,
        "oauth_token": keys.token_id,
        "oauth_signature_method": METHOD,
        "oauth_timestamp": str(timestamp),
        "oauth_nonce": nonce,
        "oauth_version": "1.0",
    }
    oauth["oauth_signature"] = signature(keys, method, url, oauth)
    shown = {"realm": keys.realm, **oauth}
    return "OAuth " + ", ".join(f'{name}="{_encoded(value)}"' for name, value in shown.items())


def signature(keys: TbaKeys, method: str, url: str, oauth: Mapping[str, str]) -> str:
    """HMAC-SHA256 of a request, as base64 text."""
    key = f"{_encoded(keys.consumer_secret)}&{_encoded(keys.token_secret)}"
    digest = hmac.new(key.encode(), base_string(method, url, oauth).encode(), hashlib.sha256)
    return base64.b64encode(digest.digest()).decode()


def base_string(method: str, url: str, oauth: Mapping[str, str]) -> str:
    """What is signed: method, address without query, sorted parameters."""
    parts = urlsplit(url)
    address = urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, "", ""))
    query: Iterable[tuple[str, str]] = parse_qsl(parts.query, keep_blank_values=True)
    pairs = sorted((_encoded(name), _encoded(value)) for name, value in [*query, *oauth.items()])
    parameters = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join((method.upper(), _encoded(address), _encoded(parameters)))


def _encoded(text: str) -> str:
    return quote(text, safe="~")
