"""`tieout explain CONTRACT --known-on DATE`: what both systems said of a contract on a past day.

What a record said comes from the histories, which keep every state with the time it was known; what
tieout said comes from the Parquet of the last run that was published on no later knowledge. Times
are the ERP's own clock, as everywhere.
"""

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

from pipelines.close.compared import quoted, script
from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.explain import find_contracts
from pipelines.periods import find_period
from pipelines.publication import open_published, read_publication, require_tables, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]

FIRST_KNOWN: Final = "select min(known_from) as first_known from fct_contract_line_history"
REPORTING: Final = "select period_name from dim_accounting_period where is_reporting_period"
RUN_TABLES: Final = {
    "reconciliation": "fct_reconciliation",
    "reasons": "fct_reconciliation_reasons",
}


@dataclass(frozen=True)
class Known:
    """What was known of one contract about one period.

    Attributes:
        contract: the contract as it is known today.
        period: row of `dim_accounting_period`.
        known_at: the moment, by the ERP's clock.
        lines: one row a witness and contract line version, see `sql/known_lines.sql`.
        revenue: what was planned and posted up to the period's end, see `sql/known_revenue.sql`.
        run: run_id, known_at and reporting_currency of the run whose numbers stood, or None.
        amounts: what that run said, see `sql/known_amounts.sql`.
    """

    contract: Row
    period: Row
    known_at: datetime
    lines: list[Row]
    revenue: list[Row]
    run: Row | None
    amounts: list[Row]


def moment(text: str) -> datetime:
    """A day's end, or a time of day.

    Args:
        text: `2026-01-31` or `2026-01-31T14:00`.

    Raises:
        TieoutError: it is neither.
    """
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise TieoutError(
            f"{text!r} is no day and no time.",
            fix="Write --known-on 2026-01-31, or 2026-01-31T14:00 for a time of that day.",
        ) from error
    only_day = parsed.time() == time() and "T" not in text and ":" not in text
    return datetime.combine(parsed.date(), time.max) if only_day else parsed.replace(tzinfo=None)


def read_known(paths: Paths, contract: str, period: str | None, known_on: str) -> list[Known]:
    """What was known on a day of the contracts that a name stands for.

    Args:
        paths: the installation's files.
        contract: number or id, as `tieout explain` takes it.
        period: an accounting period; None takes the reporting period of today.
        known_on: a day (its end counts) or a time of day.

    Raises:
        TieoutError: no such contract or period, or nothing had been loaded by then.
    """
    known_at = moment(known_on)
    with open_published(paths) as connection:
        publication = read_publication(connection)
        name = period or str(rows_of(connection, REPORTING)[0]["period_name"])
        asked = find_period(connection, name)
        require_tables(connection, "fct_contract_line_history", "fct_planned_revenue_history")
        _require_knowledge(connection, known_at)
        run = _run(connection, paths, publication.origin, known_at)
        return [
            Known(
                row,
                asked,
                known_at,
                rows_of(
                    connection,
                    script("known_lines"),
                    contract_id=row["contract_id"],
                    known_at=known_at,
                ),
                rows_of(
                    connection,
                    script("known_revenue"),
                    contract_id=row["contract_id"],
                    known_at=known_at,
                    period_no=asked["period_no"],
                ),
                run,
                _amounts(paths, run, row["contract_id"], asked["period_key"]) if run else [],
            )
            for row in find_contracts(connection, contract)
        ]


def _require_knowledge(connection: "DuckDBPyConnection", known_at: datetime) -> None:
    first = rows_of(connection, FIRST_KNOWN)[0]["first_known"]
    if first is None or known_at < first:
        raise TieoutError(
            f"Nothing had been loaded by {known_at:%Y-%m-%d %H:%M}.",
            fix=f"The history begins at {first:%Y-%m-%d %H:%M} (the ERP's clock)."
            if first
            else "Run `tieout run` first.",
            object_name="fct_contract_line_history",
        )


def _run(
    connection: "DuckDBPyConnection", paths: Paths, origin: str, known_at: datetime
) -> Row | None:
    files = {
        "source_files": str(paths.snapshots / "*" / "dim_source.parquet"),
        "status_files": str(paths.snapshots / "*" / "publication_status.parquet"),
    }
    found = rows_of(connection, script("known_runs"), known_at=known_at, origin=origin, **files)
    return found[0] if found else None


def _amounts(paths: Paths, run: Row, contract_id: str, period_key: str) -> list[Row]:
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    folder = paths.snapshots / str(run["run_id"])
    with duckdb.connect() as connection:
        for view, table in RUN_TABLES.items():
            file = quoted(folder / f"{table}.parquet")
            connection.execute(f"create view {view} as from read_parquet({file})")
        return rows_of(
            connection,
            script("known_amounts"),
            contract_id=contract_id,
            period_key=period_key,
        )
