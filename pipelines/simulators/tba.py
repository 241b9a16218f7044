"""Checks requests signed with tokens (OAuth 1.0a, HMAC-SHA256) as NetSuite does.

Refused: an unknown consumer or token, another realm, a wrong signature, a timestamp more than five
minutes off, and a nonce that was used before.
"""

import secrets
import threading
from typing import Final
from urllib.parse import unquote

from pipelines.netsuite.tba import METHOD, TbaKeys, signature
from pipelines.simulators.web import Call

TIMESTAMP_SECONDS: Final = 300


class TbaDoor:
    """Integrations with their tokens, and the nonces they used.

    Attributes:
        keys: consumer key and token id -> credentials.
    """

    def __init__(self) -> None:
        self.keys: dict[tuple[str, str], TbaKeys] = {}
        self._nonces: dict[tuple[str, str, str], int] = {}
        self._lock = threading.Lock()

    def add(self, keys: TbaKeys) -> None:
        """Let requests with these credentials pass."""
        self.keys[keys.consumer_key, keys.token_id] = keys

    def accepts(self, call: Call, now: float) -> bool:
        """Whether a request is signed as it must be.

        Args:
            call: the request.
            now: seconds since the epoch.
        """
        sent = _parameters(call.headers.get("authorization", ""))
        keys = self.keys.get((sent.get("oauth_consumer_key", ""), sent.get("oauth_token", "")))
        if keys is None or sent.pop("realm", "") != keys.realm:
            return False
        signed = sent.pop("oauth_signature", "")
        timestamp = sent.get("oauth_timestamp", "")
        if sent.get("oauth_signature_method") != METHOD or not timestamp.isdigit():
            return False
        expected = signature(keys, call.method, call.full_url, sent)
        return (
            secrets.compare_digest(signed.encode(), expected.encode())
            and abs(now - int(timestamp)) <= TIMESTAMP_SECONDS
            and self._is_new((keys.token_id, timestamp, sent.get("oauth_nonce", "")), now)
        )

    def _is_new(self, nonce: tuple[str, str, str], now: float) -> bool:
        with self._lock:
            old = now - 2 * TIMESTAMP_SECONDS
            self._nonces = {used: at for used, at in self._nonces.items() if at > old}
            if nonce in self._nonces:
                return False
            self._nonces[nonce] = int(now)
        return True


def _parameters(header: str) -> dict[str, str]:
    """Parameters of an OAuth header, decoded."""
    found = {}
    for part in header.partition(" ")[2].split(","):
        name, _, value = part.strip().partition("=")
        found[name] = unquote(value.strip('"'))
    return found
