"""`tieout cases run`: check, write, run the engine, read, compare."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.build import run_dbt
from pipelines.cases.checks import check
from pipelines.cases.comparison import Comparison, compare
from pipelines.cases.database import SELECTION, write_database
from pipelines.cases.held import Held, Row
from pipelines.cases.results import read_results
from pipelines.cases.schema import read_cases
from pipelines.cases.tables import arrow_tables
from pipelines.config import Paths
from pipelines.console import Update
from pipelines.errors import TieoutError
from pipelines.lock import run_lock


@dataclass(frozen=True)
class CaseRun:
    """What a run of a case file gave.

    Attributes:
        results: one object per case that ran.
        held: contracts and cases that did not, with the reason.
        comparison: how the results agree with the file's expectations.
        contracts: contracts that ran.
    """

    results: list[dict[str, Any]]
    held: list[Held]
    comparison: Comparison
    contracts: int


def run_cases(file: Path, paths: Paths, update: Update) -> CaseRun:
    """Run a case file through the engine's models.

    Args:
        file: the case file.
        paths: the installation's files; the case database is in its folder `cases`.
        update: is told how far the run is.

    Raises:
        TieoutError: the file is no list of cases, nothing in it can run, or a model failed.
    """
    update("checking")
    checked = check(read_cases(file))
    if not checked.cases:
        raise TieoutError(
            f"No case of the file can run ({len(checked.held)} held)."
            + "".join(f"\n{held}" for held in checked.held[:5]),
            fix="Correct what is named, or give a file with cases.",
            source="cases",
            object_name=file.name,
        )
    folder = Paths(paths.data / "cases")
    with run_lock(folder):
        write_database(folder, arrow_tables(checked.cases))
        run_dbt(folder, ["run", *SELECTION], update)
        update("reading")
        results = read_results(folder.warehouse, [case["id"] for case in checked.cases])
    _tell_held(results, checked.held)
    return CaseRun(
        results,
        checked.held,
        compare(_with_expectations(file), results),
        sum(len(case["contracts"]) for case in checked.cases),
    )


def write_results(run: CaseRun, out: Path) -> None:
    """Write the result file."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(run.results, indent=1) + "\n", encoding="utf-8")


def _tell_held(results: list[dict[str, Any]], held: list[Held]) -> None:
    """Name in each result the contracts of the case that were held."""
    for result in results:
        rows = [row.as_json() for row in held if row.case_id == result["id"]]
        if rows:
            result["held"] = rows


def _with_expectations(file: Path) -> list[Row]:
    """The file's cases as they are, held or not: a held case meets no expectation."""
    cases: list[Any] = json.loads(file.read_text(encoding="utf-8"))
    return [case for case in cases if isinstance(case, dict) and _expects(case)]


def _expects(case: Row) -> bool:
    return (
        isinstance(case.get("expect"), dict)
        and isinstance(case.get("id"), str)
        and case.get("scope") in {"core", "extended"}
    )
