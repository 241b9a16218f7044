"""Accounting periods as a person names them."""

from typing import TYPE_CHECKING, Any, Final

from pipelines.errors import TieoutError
from pipelines.publication import rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PERIODS: Final = """
    select period_key, period_no, period_name, period_status, starts_on, ends_on, has_ended
    from dim_accounting_period
    order by period_no
"""


def is_called(row: dict[str, Any], name: str) -> bool:
    """Whether a period (period_name, period_key, starts_on) is meant: by name, key or YYYY-MM."""
    return name.strip().lower() in (
        str(row["period_name"]).lower(),
        str(row["period_key"]).lower(),
        f"{row['starts_on']:%Y-%m}",
    )


def find_period(connection: "DuckDBPyConnection", name: str) -> dict[str, Any]:
    """Find an accounting period in the published snapshot.

    Args:
        connection: the published snapshot.
        name: as the ERP names it, its key, or YYYY-MM.

    Returns:
        period_key, period_no, period_name, period_status, starts_on, ends_on, has_ended.

    Raises:
        TieoutError: no period is called that.
    """
    periods = rows_of(connection, PERIODS)
    for row in periods:
        if is_called(row, name):
            return row
    ended = [row["period_name"] for row in periods if row["has_ended"]]
    raise TieoutError(
        f"There is no accounting period {name!r} in the published snapshot.",
        fix="Name one as the ERP does or as YYYY-MM; the last one that has ended is "
        f"{ended[-1] if ended else 'none'}.",
        object_name="dim_accounting_period",
    )
