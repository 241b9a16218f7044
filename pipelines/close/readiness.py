"""May this period be closed? The gates of `fct_close_readiness`, and two about the run itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pipelines import manifest
from pipelines.config import Paths
from pipelines.errors import GateHeldError, TieoutError
from pipelines.gates import Gate, require_gates
from pipelines.publication import Publication, require_tables, rows_of
from pipelines.quality.quarantine import open_records

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READINESS: Final = """
    select * from fct_close_readiness
    where period_key = $period_key
    order by gate_no, abs(amount_rpt) desc nulls last, contract_number, record_id, message
"""
CANDIDATES: Final = """
    select distinct period_no, period_name from fct_close_readiness order by period_no
"""
LOADS: Final = "select distinct source, load_id from raw_tieout.loads order by source, load_id"


@dataclass(frozen=True)
class Blocker:
    """One record that keeps a period open.

    Attributes:
        amount_rpt: how much is in question, reporting currency, or None.
    """

    record_id: str
    message: str
    contract_number: str | None = None
    amount_rpt: Decimal | None = None


@dataclass(frozen=True)
class CloseGate:
    """One line of the checklist; passed where nothing blocks."""

    code: str
    title: str
    owner: str
    what_to_do: str
    can_be_overridden: bool
    blockers: tuple[Blocker, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing blocks."""
        return not self.blockers


def read_gates(
    connection: "DuckDBPyConnection",
    paths: Paths,
    publication: Publication,
    period: dict[str, Any],
) -> list[CloseGate]:
    """The whole checklist of a period.

    Args:
        connection: the published snapshot.
        paths: the installation's files; the warehouse is only read.
        publication: the published run.
        period: a row of `dim_accounting_period`.

    Raises:
        TieoutError: the period is none that can be closed next.
    """
    require_tables(connection, "fct_close_readiness")
    rows = rows_of(connection, READINESS, period_key=period["period_key"])
    if not rows:
        names = [row["period_name"] for row in rows_of(connection, CANDIDATES)]
        raise TieoutError(
            f"{period['period_name']} cannot be closed: it has not ended, or it lies before the "
            "periods that are still to be closed.",
            fix=f"Close {names[0]} first." if names else "Wait for the running period to end.",
            object_name="fct_close_readiness",
        )
    of_run = {
        "run_published": tuple(_run_blockers(paths, publication)),
        "records_loaded": tuple(_records_set_aside(paths)),
    }
    gates: dict[str, CloseGate] = {}
    for row in rows:
        code = row["gate_code"]
        known = gates[code].blockers if code in gates else of_run.get(code, ())
        own = () if row["is_passed"] else (_blocker(row),)
        gates[code] = CloseGate(
            code,
            row["gate_title"],
            row["owner"],
            row["what_to_do"],
            row["can_be_overridden"],
            (*known, *own),
        )
    return list(gates.values())


def _blocker(row: dict[str, Any]) -> Blocker:
    return Blocker(row["record_id"], row["message"], row["contract_number"], row["amount_rpt"])


def _run_blockers(paths: Paths, publication: Publication) -> Iterator[Blocker]:
    """What keeps the warehouse from being what the published numbers were made of."""
    if publication.last_attempt_status != "published":
        reason = publication.last_attempt_reason or "no reason was noted"
        yield Blocker(
            publication.last_attempt_run_id,
            f"The last run was {publication.last_attempt_status}: {reason}.",
        )
        return
    published = manifest.read_manifest(paths, publication.run_id)
    if published is None:
        yield Blocker(publication.run_id, "The Parquet snapshot of the published run is gone.")
        return
    try:
        require_gates(paths, Gate.BUILD, Gate.CHECK)
    except GateHeldError as held:
        yield Blocker(publication.run_id, held.message)
        return
    loaded = _loads(paths)
    if loaded != [(load["source"], load["load_id"]) for load in published["load_ids"]]:
        yield Blocker(publication.run_id, "Something was loaded after the published run.")


def _records_set_aside(paths: Paths) -> Iterator[Blocker]:
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    query = f"select * from ({open_records(paths.warehouse)}) as records order by all"
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        for row in rows_of(connection, query):
            yield Blocker(
                row["record_id"],
                f"{row['source']} {row['object_name']}: {row['field_name']}: {row['reason']}",
            )


def _loads(paths: Paths) -> list[tuple[str, str]]:
    import duckdb  # noqa: PLC0415

    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        return [(str(source), str(load)) for source, load in connection.execute(LOADS).fetchall()]
