"""The manifest of a snapshot: what its numbers were made from, so that they can be made again."""

import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Final

from pipelines import policy
from pipelines.config import PROJECT_ROOT, Paths

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE: Final = "manifest.json"
# Exact totals a reader can check a snapshot by: table -> money columns, over the rows named.
CONTROL_TOTALS: Final = {
    "fct_bookings": (("tcv_rpt", "arr_delta_rpt"), "true"),
    "fct_arr_monthly": (("arr_end_rpt", "carr_rpt"), "is_reporting_period"),
    "fct_arr_movements": (("arr_movement_rpt",), "true"),
    "fct_recognized_revenue": (("posted_fn", "posted_rpt"), "true"),
    "fct_billings": (("amount_rpt",), "true"),
    "fct_contract_balances": (
        ("deferred_revenue_rpt", "contract_asset_rpt", "receivable_rpt", "rpo_rpt"),
        "is_reporting_period",
    ),
    "fct_ledger_tie": (("ledger_rpt", "difference_rpt"), "true"),
    "fct_reconciliation": (
        ("booked_rpt", "recognized_rpt", "difference_rpt", "break_rpt", "unexplained_rpt"),
        "is_reporting_period",
    ),
    "fct_exceptions": (("amount_rpt",), "true"),
}


def make_manifest(
    connection: "DuckDBPyConnection", run_id: str, origin: str, rows: dict[str, int]
) -> dict[str, Any]:
    """Describe a snapshot.

    Args:
        connection: has the build file attached as `warehouse`, the new snapshot as `target`.
        run_id: the run that publishes.
        origin: the sources the data came from.
        rows: table -> number of rows.

    Returns:
        Plain values for JSON. Totals are exact decimal strings, "0" over no rows.
    """
    loads = connection.execute(
        "select distinct source, load_id from warehouse.raw_tieout.loads order by source, load_id"
    ).fetchall()
    as_of = connection.execute(
        "select as_of_date from warehouse.intermediate.int_reporting_dates"
    ).fetchone()
    return {
        "run_id": run_id,
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "as_of": str(as_of[0]) if as_of else None,
        "origin": origin,
        "reporting_currency": policy.reporting_currency(),
        "code_version": code_version(),
        "configuration_hash": configuration_hash(),
        "load_ids": [{"source": source, "load_id": load_id} for source, load_id in loads],
        "rows": rows,
        "control_totals": _control_totals(connection, rows),
    }


def read_manifest(paths: Paths, run_id: str) -> dict[str, Any] | None:
    """The manifest of a published run, or None where its snapshot is gone."""
    try:
        content = (paths.snapshots / run_id / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return dict(json.loads(content))


def code_version() -> str:
    """The package's version, with the commit where the project is a git checkout."""
    try:
        package = version("tieout")
    except PackageNotFoundError:
        package = "uninstalled"
    git = shutil.which("git")
    if git is None:
        return package
    described = subprocess.run(
        [git, "-C", str(PROJECT_ROOT), "describe", "--tags", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
    )
    commit = described.stdout.strip()
    return f"{package}+{commit}" if commit else package


def configuration_hash() -> str:
    """Hash of what decides the numbers besides the data: the vars of the models and the seeds."""
    digest = hashlib.sha256(json.dumps(policy.model_vars(), sort_keys=True, default=str).encode())
    for file in sorted((PROJECT_ROOT / "seeds").glob("*.csv")):
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _control_totals(connection: "DuckDBPyConnection", rows: dict[str, int]) -> dict[str, str]:
    totals: dict[str, str] = {}
    for table, (columns, condition) in CONTROL_TOTALS.items():
        if table in rows:
            sums = ", ".join(f"coalesce(sum({column}), 0)" for column in columns)
            values = connection.execute(
                f"select {sums} from target.main.{table} where {condition}"
            ).fetchone()
            totals |= {
                f"{table}.{column}": str(value)
                for column, value in zip(columns, values or (), strict=True)
            }
    return totals
