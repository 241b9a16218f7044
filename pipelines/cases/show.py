"""What a person sees of a run of cases: a table, what differs, what is held."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.cases.command import CaseRun, run_cases, write_results
from pipelines.cases.comparison import KEYS
from pipelines.config import Paths
from pipelines.console import working
from pipelines.stages import Outcome

SHOWN: Final = 25


def show_cases(console: Console, paths: Paths, file: Path, out: Path | None) -> int:
    """Run a case file and show what it gave.

    Args:
        console: where to.
        paths: the installation's files.
        file: the case file.
        out: file for the results, or None.

    Returns:
        Exit code: 1 when a core case differs from what it expects, else 2 when something is held,
        else 0.

    Raises:
        TieoutError: nothing ran.
    """
    with working(console, "cases") as update:
        run = run_cases(file, paths, update)
    if out is not None:
        write_results(run, out)
    console.print(_table(run))
    _show_list(console, "differs", [str(row) for row in run.comparison.differences], "red")
    _show_list(console, "held", [str(row) for row in run.held], "yellow")
    if out is not None:
        console.print(Text(f"Results: {out}", style="dim"))
    if not run.comparison.core_passed:
        return Outcome.FAILED.exit_code
    return Outcome.HELD.exit_code if run.held else 0


def _table(run: CaseRun) -> Table:
    compared = run.comparison
    table = Table(
        title=f"{len(run.results):,} cases, {run.contracts:,} contracts, {len(run.held):,} held",
        title_justify="left",
    )
    table.add_column("list")
    table.add_column("rows", justify="right")
    for scope in compared.cases:
        table.add_column(f"{scope}: agree", justify="right")
    for name in KEYS:
        rows = sum(len(result[name]) for result in run.results)
        table.add_row(
            name,
            f"{rows:,}",
            *(
                f"{compared.agreed[scope, name]:,} of {compared.expected[scope, name]:,}"
                for scope in compared.cases
            ),
        )
    if compared.cases:
        table.add_section()
        table.add_row(
            "cases",
            f"{len(run.results):,}",
            *(
                f"{compared.cases_agreed[scope]:,} of {compared.cases[scope]:,}"
                for scope in compared.cases
            ),
        )
    return table


def _show_list(console: Console, title: str, lines: list[str], style: str) -> None:
    if not lines:
        return
    console.print(Text(f"{title} ({len(lines):,})", style=f"bold {style}"))
    for line in lines[:SHOWN]:
        console.print(Text(f"  {line}"), soft_wrap=True)
    if len(lines) > SHOWN:
        console.print(Text(f"  and {len(lines) - SHOWN:,} more", style="dim"))
