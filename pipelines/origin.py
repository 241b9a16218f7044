"""What the warehouse holds: the embedded company or a person's own systems. Never both.

A small record beside the warehouse says so. A warehouse without one counts as the person's own:
it is never emptied.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipelines.config import Paths
from pipelines.errors import ConfigurationError

DEFAULT_CUSTOMERS: Final = 300
DEFAULT_SEED: Final = 42


@dataclass(frozen=True)
class Demo:
    """The embedded company of a size and a seed."""

    customers: int = DEFAULT_CUSTOMERS
    seed: int = DEFAULT_SEED

    def __str__(self) -> str:
        """As the publication names it."""
        return f"embedded company ({self.customers} customers, seed {self.seed})"


@dataclass(frozen=True)
class Configured:
    """The sources that dlt's configuration names."""

    def __str__(self) -> str:
        """As the publication names it."""
        return "configured sources"


Origin = Demo | Configured


def read_origin(paths: Paths) -> Origin | None:
    """What the warehouse holds, or None when there is no warehouse."""
    if not paths.warehouse.exists():
        return None
    try:
        record = json.loads(_record(paths).read_text(encoding="utf-8"))
        return Demo(customers=int(record["customers"]), seed=int(record["seed"]))
    except (FileNotFoundError, KeyError, TypeError, ValueError):
        return Configured()


def prepare_warehouse(paths: Paths, wanted: Origin) -> str | None:
    """Make sure that the warehouse holds what is about to be loaded, or nothing.

    The demo's warehouse is emptied when another company, or a person's own systems, come in its
    place.

    Args:
        paths: the installation's files.
        wanted: what the next load brings.

    Returns:
        What was done, for the person, or None when the load continues on what is there.

    Raises:
        ConfigurationError: the warehouse holds a person's own systems and the demo was asked for.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    held = read_origin(paths)
    if held is not None and held != wanted and isinstance(held, Configured):
        raise ConfigurationError(
            f"{paths.warehouse} holds data of configured sources; the demo will not replace it.",
            fix="Give the demo its own data folder: TIEOUT__DATA_DIR=demo-data tieout run --demo",
            source="demo",
        )
    message = None
    if held is not None and held != wanted:
        for suffix in ("", ".wal"):
            paths.warehouse.with_name(paths.warehouse.name + suffix).unlink(missing_ok=True)
        message = f"Starting from an empty warehouse: it held the {held}, this run is {wanted}."
    if isinstance(wanted, Demo):
        _record(paths).write_text(json.dumps(asdict(wanted)), encoding="utf-8")
    else:
        _record(paths).unlink(missing_ok=True)
    return message


def _record(paths: Paths) -> Path:
    return paths.data / "demo.json"
