"""Settings of the models that the pipeline needs too, read from where they are kept: dbt's vars."""

from decimal import Decimal
from functools import cache
from typing import Any, Final

from pipelines.config import PROJECT_ROOT

PROJECT_FILE: Final = PROJECT_ROOT / "dbt_project.yml"
# Used when dbt_project.yml does not set the var of the same name.
DEFAULTS: Final[dict[str, Any]] = {
    "reporting_currency": "USD",
    # Money in the reporting currency that may stay unexplained, all lines taken absolutely.
    "gate_unexplained_tolerance": "0",
    # A table may not have fewer rows than this share of the last published snapshot.
    "gate_minimum_rows_kept_percent": 80,
    # A larger share of the contracts held means a broken mapping, not broken contracts.
    "gate_maximum_held_percent": 10,
}


@cache
def model_vars() -> dict[str, Any]:
    """The `vars` of dbt_project.yml."""
    import yaml  # noqa: PLC0415 - --help can do without it

    return dict(yaml.safe_load(PROJECT_FILE.read_text(encoding="utf-8")).get("vars") or {})


def reporting_currency() -> str:
    """ISO code of the currency of the `_rpt` amounts."""
    return str(_setting("reporting_currency"))


def unexplained_tolerance() -> Decimal:
    """How much may stay unexplained in the reporting period, in the reporting currency."""
    return Decimal(str(_setting("gate_unexplained_tolerance")))


def minimum_rows_kept_percent() -> int:
    """The row-count band towards the last published snapshot, in percent."""
    return int(_setting("gate_minimum_rows_kept_percent"))


def maximum_held_percent() -> int:
    """The share of the contracts that may be held, in percent."""
    return int(_setting("gate_maximum_held_percent"))


def _setting(name: str) -> Any:
    return model_vars().get(name, DEFAULTS[name])
