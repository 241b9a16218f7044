"""Figures beside their budgets."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Verdict:
    """One figure beside its budget."""

    name: str
    figure: str
    budget: str
    met: bool


def verdict_table(title: str, verdicts: Sequence[Verdict], caption: str) -> Table:
    """A table of all of them."""
    table = Table(title=title, caption=caption)
    for heading in ("", "measured", "budget", ""):
        table.add_column(heading)
    for verdict in verdicts:
        outcome = "[green]ok[/]" if verdict.met else "[red]missed[/]"
        table.add_row(verdict.name, verdict.figure, verdict.budget, outcome)
    return table
