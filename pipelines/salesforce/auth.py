"""How to log in to Salesforce: client credentials or JWT bearer, by what is configured."""

import time
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from pipelines.errors import ConfigurationError
from pipelines.load.pem import read_private_key
from pipelines.salesforce.settings import SOURCE, SalesforceSettings

# Hosts that refuse the client-credentials flow, whatever the credentials, and hold no data.
SHARED_LOGIN_HOSTS: Final = ("login.salesforce.com", "test.salesforce.com")
# Salesforce takes assertions that end within three minutes.
ASSERTION_SECONDS: Final = 180
ALGORITHM: Final = "RS256"
_JWT_BEARER: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SANDBOX: Final = ".sandbox.my.salesforce.com"
# What a refusal says -> what helps.
_JWT_FIXES: Final = {
    "audience": "Set sources.salesforce.audience: https://login.salesforce.com for production, "
    "https://test.salesforce.com for a sandbox.",
    "approved": "Pre-authorize the user: let admin-approved users in and add a profile or "
    "permission set of sources.salesforce.username to the app.",
    "client identifier": "Set sources.salesforce.client_id to the app's consumer key.",
}
_JWT_FIX: Final = (
    "Check that the certificate of sources.salesforce.private_key is the one uploaded to the app, "
    "sources.salesforce.username, and this machine's clock (the assertion lives three minutes)."
)


class Flow(Protocol):
    """One way to log in."""

    def request(self) -> dict[str, Any]:
        """Options of the POST to the token resource, made anew for each log-in."""

    def fix(self, reason: str) -> str:
        """What to do about a refusal."""


@dataclass(frozen=True)
class ClientCredentials:
    """An app that acts as its run-as user."""

    client_id: str
    client_secret: str

    def request(self) -> dict[str, Any]:
        """The grant, with id and secret as HTTP Basic."""
        return {
            "data": {"grant_type": "client_credentials"},
            "auth": (self.client_id, self.client_secret),
        }

    def fix(self, reason: str) -> str:
        """The same for every refusal."""
        return (
            "Check sources.salesforce.client_id and client_secret, and that the app allows the "
            "client-credentials flow with a run-as user."
        )


@dataclass(frozen=True)
class JwtBearer:
    """A user who is named in an assertion signed with the app's certificate."""

    client_id: str
    username: str
    private_key: str
    audience: str

    def request(self) -> dict[str, Any]:
        """The grant with a new assertion."""
        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience,
            "exp": int(time.time()) + ASSERTION_SECONDS,
        }
        assertion = jwt.encode(claims, self.private_key, algorithm=ALGORITHM)
        return {"data": {"grant_type": _JWT_BEARER, "assertion": assertion}}

    def fix(self, reason: str) -> str:
        """By what the refusal says."""
        return next((fix for word, fix in _JWT_FIXES.items() if word in reason), _JWT_FIX)


def chosen_flow(settings: SalesforceSettings) -> Flow:
    """The flow whose settings are given.

    Raises:
        ConfigurationError: both flows are configured, none, or half of one; the key is no RSA
            key; the host is a shared login host.
    """
    host = urlsplit(_address(settings)).netloc
    if host in SHARED_LOGIN_HOSTS:
        raise _wrong(
            f"{host} refuses the client-credentials flow and holds no data.",
            "instance_url",
            "Set sources.salesforce.instance_url to the org's My Domain host (Setup, My Domain).",
        )
    secret = settings.client_secret
    jwt_settings = {"username": settings.username, "private_key": settings.private_key}
    given = [name for name, value in jwt_settings.items() if value]
    if secret and given:
        raise _wrong(
            f"Two ways to log in are configured: client_secret (client credentials) and "
            f"{' and '.join(given)} (JWT bearer).",
            f"client_secret, {', '.join(given)}",
            "Remove one: client_secret, or username and private_key.",
        )
    if secret:
        return ClientCredentials(settings.client_id, str(secret))
    if not given:
        raise _wrong(
            "No way to log in is configured: neither client_secret nor username and private_key.",
            "client_secret",
            "Set SOURCES__SALESFORCE__CLIENT_SECRET (client credentials), or "
            "SOURCES__SALESFORCE__USERNAME and SOURCES__SALESFORCE__PRIVATE_KEY (JWT bearer); "
            "see .dlt/secrets.toml.example.",
        )
    if missing := [name for name in jwt_settings if name not in given]:
        raise _wrong(
            f"JWT bearer is configured by half: {missing[0]} is missing.",
            missing[0],
            f"Set SOURCES__SALESFORCE__{missing[0].upper()}, or client_secret instead of both.",
        )
    pem, key = read_private_key(str(settings.private_key), SOURCE)
    if not isinstance(key, RSAPrivateKey):
        raise _wrong(
            "Salesforce takes assertions signed with RS256 only; the private key is no RSA key.",
            "private_key",
            "Make an RSA key and certificate (openssl req -newkey rsa:2048 -x509 -nodes), upload "
            "the certificate to the app and set sources.salesforce.private_key.",
        )
    audience = settings.audience or (
        "https://test.salesforce.com" if host.endswith(_SANDBOX) else "https://login.salesforce.com"
    )
    return JwtBearer(settings.client_id, str(settings.username), pem, audience)


def _address(settings: SalesforceSettings) -> str:
    address = settings.instance_url.strip()
    return address if "://" in address else f"https://{address}"


def _wrong(message: str, field: str, fix: str) -> ConfigurationError:
    return ConfigurationError(message, source=SOURCE, field=field, fix=fix)
