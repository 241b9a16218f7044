"""Many embedded companies against their answer keys: `python -m proofs.seeds`.

Each seed is a company of its own, loaded through the real connectors and built with every data
test. What the marts find is compared with the answer key on every line, period and code, in cents
of both currencies. Ends with code 1 when a code is not found, is found where it is not, or a test
fails.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
from rich.progress import track
from rich.table import Table

from pipelines.build import run_dbt
from pipelines.company import build_company
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT, Paths
from pipelines.console import make_console
from pipelines.demo import environment, settings_of_card
from pipelines.load import load
from pipelines.simulators.server import running_servers
from proofs.answer_key import Comparison, Confusion
from proofs.record import write_section

HEADING: Final = ("code", "expected", "found", "matched", "found as another code", "precision",
                  "recall")  # fmt: skip


def compare(customers: int, seed: int) -> tuple[Confusion, list[str]]:
    """One company: its confusion, and what else is wrong with it (failed tests, other keys)."""
    with TemporaryDirectory() as folder, environment({DATA_DIR_VARIABLE: folder}):
        paths = Paths(Path(folder))
        company = build_company(customers=customers, seed=seed)
        company.answer_key.write(paths.answer_key)
        with running_servers(company) as servers, environment(settings_of_card(servers.card)):
            load(f"seed-{seed}")
        arguments = ["build", "--exclude-resource-type", "unit_test"]
        report = run_dbt(paths, arguments, lambda _text: None)
        wrong = [str(test) for test in report.failed_tests]
        comparison = Comparison(paths.warehouse, paths.answer_key)
        try:
            wrong += [str(each) for each in comparison.other_differences()]
            return comparison.confusion(), wrong
        finally:
            comparison.close()


def main(
    count: Annotated[int, typer.Option(help="How many seeds.")] = 20,
    first: Annotated[int, typer.Option(help="The first seed.")] = 101,
    customers: Annotated[int, typer.Option(help="Customers of each company.")] = 80,
    record: Annotated[bool, typer.Option(help="Write the table into docs/reconciliation.md.")] = (
        False
    ),
) -> None:
    """Compare companies with their answer keys; exit code 1 on any difference."""
    console = make_console()
    confusion: Confusion = Counter()
    problems: list[str] = []
    for seed in track(range(first, first + count), description="Seeds", console=console):
        found, wrong = compare(customers, seed)
        confusion += found
        problems += [f"seed {seed}: {each}" for each in wrong]
        missed = sum(rows for (key, mart), rows in found.items() if key != mart)
        console.print(
            f"seed {seed}: {found.total():,} rows, {missed} differ, {len(wrong)} problems"
        )
    rows = _rows(confusion)
    table = Table(*HEADING)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for problem in problems[:20]:
        console.print(problem)
    if record:
        write_section(PROJECT_ROOT / "docs" / "reconciliation.md", "confusion", HEADING, rows)
    raise typer.Exit(1 if problems or any(key != mart for key, mart in confusion) else 0)


def _rows(confusion: Confusion) -> list[list[str]]:
    """A row a code; a row of the key and one of the marts match when their cents are the same."""
    codes = sorted({code for pair in confusion for code in pair if code})
    result = []
    for code in codes:
        expected = sum(rows for (key, _), rows in confusion.items() if key == code)
        found = sum(rows for (_, mart), rows in confusion.items() if mart == code)
        matched = confusion[code, code]
        others = sorted(
            f"{mart} {rows:,}"
            for (key, mart), rows in confusion.items()
            if key == code and mart not in {code, None}
        )
        result.append([
            f"`{code}`", f"{expected:,}", f"{found:,}", f"{matched:,}", ", ".join(others) or "none",
            f"{matched / found:.2f}" if found else "1.00",
            f"{matched / expected:.2f}" if expected else "1.00",
        ])  # fmt: skip
    return result


if __name__ == "__main__":
    typer.run(main)
