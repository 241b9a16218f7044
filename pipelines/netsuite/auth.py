"""How to log in to NetSuite: OAuth 2.0 with a signed assertion, or token-based authentication.

OAuth 2.0 is meant: NetSuite takes no new token-based integrations from 2027.1 and ends them in
2028. Chosen by which of the two is configured.
"""

import time
from dataclasses import dataclass, field
from typing import Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from pipelines.errors import ConfigurationError
from pipelines.load.pem import read_private_key
from pipelines.netsuite.settings import SOURCE, NetSuiteSettings
from pipelines.netsuite.tba import TbaKeys

ASSERTION_SECONDS: Final = 300
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
RSA_ALGORITHMS: Final = ("PS256", "PS384", "PS512")
CURVE_ALGORITHMS: Final = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
OAUTH2_SETTINGS: Final = ("client_id", "certificate_id", "private_key")
TBA_SETTINGS: Final = ("consumer_key", "consumer_secret", "token_id", "token_secret")


@dataclass(frozen=True)
class SignedAssertion:
    """OAuth 2.0 client credentials: tokens are asked for with an assertion."""

    client_id: str
    certificate_id: str
    algorithm: str
    private_key: str = field(repr=False)

    def form(self, token_url: str) -> dict[str, str]:
        """The form to post, with a new assertion."""
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "scope": ["rest_webservices"],
            "aud": token_url,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
        }
        headers = {"kid": self.certificate_id}
        assertion = jwt.encode(claims, self.private_key, algorithm=self.algorithm, headers=headers)
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }


def chosen_login(settings: NetSuiteSettings) -> SignedAssertion | TbaKeys:
    """The way to log in whose settings are given.

    Raises:
        ConfigurationError: both ways are configured, none, or one by half; the private key is
            no key, or does not fit the algorithm.
    """
    ways = (OAUTH2_SETTINGS, TBA_SETTINGS)
    given = [[name for name in names if getattr(settings, name)] for names in ways]
    if all(given):
        raise _wrong(
            "Two ways to log in are configured: "
            f"{' and '.join(given[0])} (OAuth 2.0), and {' and '.join(given[1])} (TBA).",
            ", ".join(given[0] + given[1]),
            f"Remove one: {', '.join(TBA_SETTINGS)}, or {', '.join(OAUTH2_SETTINGS)}.",
        )
    oauth2 = bool(given[0]) or not given[1]
    wanted, name = (OAUTH2_SETTINGS, "OAuth 2.0") if oauth2 else (TBA_SETTINGS, "TBA")
    if missing := [each for each in wanted if not getattr(settings, each)]:
        what = f"{name} is configured by half" if any(given) else "No way to log in is configured"
        raise _wrong(
            f"{what}: {', '.join(missing)} missing.",
            ", ".join(missing),
            f"Set {' and '.join(f'SOURCES__NETSUITE__{each.upper()}' for each in missing)}, or "
            "the same under [sources.netsuite] in .dlt/secrets.toml (see "
            ".dlt/secrets.toml.example).",
        )
    if oauth2:
        return _assertion(settings)
    realm = settings.account_id.strip().upper().replace("-", "_")
    values = {each: str(getattr(settings, each)) for each in TBA_SETTINGS}
    return TbaKeys(realm, **values)


def _assertion(settings: NetSuiteSettings) -> SignedAssertion:
    pem, key = read_private_key(str(settings.private_key), SOURCE)
    fitting = _algorithms(key)
    algorithm = settings.algorithm or (fitting[0] if fitting else "")
    if algorithm not in fitting:
        raise _wrong(
            f"NetSuite refuses {algorithm or 'this kind of key'}; this private key can sign with "
            f"{', '.join(fitting) or 'none of its algorithms'}.",
            "algorithm" if settings.algorithm else "private_key",
            "Remove sources.netsuite.algorithm, and map the certificate of an RSA key or of an "
            "elliptic-curve key (P-256, P-384, P-521) in OAuth 2.0 Client Credentials Setup.",
        )
    return SignedAssertion(str(settings.client_id), str(settings.certificate_id), algorithm, pem)


def _algorithms(key: PrivateKeyTypes) -> tuple[str, ...]:
    """What NetSuite takes from such a key; RS256 is not among them."""
    if isinstance(key, rsa.RSAPrivateKey):
        return RSA_ALGORITHMS
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in CURVE_ALGORITHMS:
        return (CURVE_ALGORITHMS[key.curve.name],)
    return ()


def _wrong(message: str, field_name: str, fix: str) -> ConfigurationError:
    return ConfigurationError(message, source=SOURCE, field=field_name, fix=fix)
