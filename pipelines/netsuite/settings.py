"""Settings of the NetSuite connector."""

from typing import Any, Final

from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue

SOURCE: Final = "netsuite"


@configspec
class NetSuiteSettings(BaseConfiguration):
    """Section `sources.netsuite`."""

    account_id: str = None  # type: ignore[assignment] # configspec: None means required
    """Account ID as NetSuite shows it, `1234567` or `1234567_SB1`."""
    client_id: str | None = None
    """Client ID of the integration record (client credentials enabled)."""
    certificate_id: str | None = None
    """Certificate ID of the mapping in OAuth 2.0 Client Credentials (M2M) Setup."""
    private_key: TSecretStrValue | None = None
    """Private key of that certificate, PEM text; RSA or elliptic curve."""
    algorithm: str | None = None
    """Signature algorithm; None takes PS256 for an RSA key, ES256/384/512 by curve."""
    consumer_key: TSecretStrValue | None = None
    """Consumer key of the integration record: token-based authentication, which NetSuite ends."""
    consumer_secret: TSecretStrValue | None = None
    """Its secret."""
    token_id: TSecretStrValue | None = None
    """Access token of a user and role for that integration."""
    token_secret: TSecretStrValue | None = None
    """Its secret."""
    base_url: str | None = None
    """API address, when it is not the account's own."""
    web_url: str | None = None
    """Address records are linked under, when it is not the account's own."""
    concurrency: int = 2
    """Requests under way at once. The account's limit (five in the smallest) is shared by every
    integration of the company."""
    lag_seconds: int = 4200
    """Overlap of two loads. Stamps are in account time: in the autumn an hour happens twice, and
    a change in its second pass is stamped up to an hour behind the newest stamp. Hence an hour,
    and ten minutes for late commits."""
    compare_days: int = 7
    """Days after which all keys of a table are compared with the warehouse; 0 means never."""
    tables: dict[str, Any] | None = None
    """Per table: columns, optional_columns, cursor, key, optional; see `configured.py`."""
