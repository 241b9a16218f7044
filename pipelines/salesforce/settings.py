"""Settings of the Salesforce connector."""

from typing import Any, Final

from dlt.common.configuration import configspec
from dlt.common.configuration.specs import BaseConfiguration
from dlt.common.typing import TSecretStrValue

SOURCE: Final = "salesforce"


@configspec
class SalesforceSettings(BaseConfiguration):
    """Section `sources.salesforce`."""

    instance_url: str = None  # type: ignore[assignment] # configspec: None means required
    """My Domain address of the org, `https://<domain>.my.salesforce.com`."""
    client_id: str = None  # type: ignore[assignment]
    """Consumer key of the External Client App."""
    client_secret: TSecretStrValue | None = None
    """Consumer secret of the same app: logs in by client credentials (run-as user set)."""
    username: str | None = None
    """User to log in as by JWT bearer, instead of `client_secret`."""
    private_key: TSecretStrValue | None = None
    """RSA private key of the certificate uploaded to the app (JWT bearer), PEM text."""
    audience: str | None = None
    """Audience of the JWT; None takes login.salesforce.com, or test.salesforce.com for a
    sandbox's address."""
    api_version: str = "60.0"
    """REST and Bulk API version."""
    lag_seconds: int = 600
    """Overlap of two loads: a row is stamped when written and visible when committed, so it can
    appear behind the newest stamp already loaded."""
    bulk_timeout_seconds: int = 3600
    """How long to wait for one Bulk API job."""
    bulk_rows: int = 10_000
    """Objects expected to bring this many rows or more are read by Bulk API, others by REST."""
    api_reserve_percent: int = 10
    """Part of the org's (and of the app's own) daily API requests that a load leaves to others."""
    compare_days: int = 7
    """Days after which all ids of an object are compared with the warehouse; 0 means never."""
    objects: dict[str, Any] | None = None
    """Per object: fields, optional_fields, api, cursor, optional; see `configured.py`."""
