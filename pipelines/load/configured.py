"""Which settings each source needs, and whether any is given. Imports nothing heavy."""

import os
import tomllib
from pathlib import Path
from typing import Any, Final

from pipelines.config import PROJECT_ROOT

# Without these nothing can be asked, whichever way to log in is chosen.
REQUIRED_SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "salesforce": ("instance_url", "client_id"),
    "netsuite": ("account_id",),
}
# Those of each way to log in (pipelines/*/auth.py); the rest has defaults.
LOGIN_SETTINGS: Final[dict[str, tuple[str, ...]]] = {
    "salesforce": ("client_secret", "username", "private_key"),
    "netsuite": (
        "client_id",
        "certificate_id",
        "private_key",
        "consumer_key",
        "consumer_secret",
        "token_id",
        "token_secret",
    ),
}
# dlt's own variable for the folder that holds `.dlt`.
PROJECT_DIR_VARIABLE: Final = "DLT_PROJECT_DIR"


def environment_variable(source: str, setting: str) -> str:
    """The setting as an environment variable, in dlt's spelling."""
    return f"SOURCES__{source}__{setting}".upper()


def settings_folder() -> Path:
    """The `.dlt` folder that dlt reads."""
    return Path(os.environ.get(PROJECT_DIR_VARIABLE, PROJECT_ROOT)) / ".dlt"


def is_configured() -> bool:
    """Whether real sources are meant: any credential of either source is given.

    One is enough on purpose. Half a configuration must end in an error that names the other
    half, never in a quiet run on the embedded company.
    """
    files = [_read_toml(settings_folder() / name) for name in ("secrets.toml", "config.toml")]
    return any(
        os.environ.get(environment_variable(source, setting))
        or any(content.get("sources", {}).get(source, {}).get(setting) for content in files)
        for source, settings in REQUIRED_SETTINGS.items()
        for setting in (*settings, *LOGIN_SETTINGS[source])
    )


def _read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
