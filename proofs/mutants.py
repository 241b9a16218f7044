"""Break one rule at a time and see that a test notices: `python -m proofs.mutants`.

Each mutant of `mutants.yml` changes a rule in one model of a copy of the project. It is killed by
the first of: the model's dbt unit tests, the worked cases (engine models), the data tests of
everything built from the model, the answer key of the embedded company. A mutant that survives, or
that is no longer found in its model, ends the run with code 1.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
import yaml
from rich.progress import track
from rich.table import Table

from pipelines.build import run_dbt
from pipelines.company import build_company
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT, Paths
from pipelines.console import make_console
from pipelines.demo import environment, settings_of_card
from pipelines.errors import TieoutError
from pipelines.load import load
from pipelines.simulators.server import running_servers
from proofs.record import write_section

LIST: Final = Path(__file__).with_name("mutants.yml")
CUSTOMERS: Final = 80
SEED: Final = 1
CASES: Final = "tests/pipelines/test_cases_engine.py"
HEADING: Final = ("model", "rule broken", "noticed by")
COPIED: Final = ("models", "macros", "seeds", "tests", "snapshots", "pipelines", "proofs")
COPIED_FILES: Final = ("dbt_project.yml", "profiles.yml", "pyproject.toml")


@dataclass(frozen=True)
class Mutant:
    """A rule and how it is broken.

    Attributes:
        rule: what the rule says, in a few words.
        file: the model or macro, relative to the project.
        old: text of the rule, found once in the file.
        new: the broken text.
    """

    rule: str
    file: str
    old: str
    new: str

    @property
    def name(self) -> str:
        """Name of the model or macro."""
        return Path(self.file).stem

    @property
    def key(self) -> str:
        """What tells it from every other."""
        return f"{self.file}: {self.old} -> {self.new}"


def read_mutants(file: Path = LIST) -> list[Mutant]:
    """The list, in its order.

    Raises:
        ValueError: a mutant's text is not found exactly once in its file.
    """
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    mutants = [Mutant(**entry) for entry in entries]
    for mutant in mutants:
        found = (PROJECT_ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.old)
        if found != 1:
            message = f"mutant {mutant.rule!r}: {mutant.file} has its text {found} times, not once"
            raise ValueError(message)
    return mutants


class Laboratory:
    """A copy of the project and a built warehouse that every mutant starts from."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.data = folder / "data"
        self._clean = folder / "clean"
        for name in COPIED:
            if (PROJECT_ROOT / name).exists():
                shutil.copytree(PROJECT_ROOT / name, self.project / name)
        for name in COPIED_FILES:
            shutil.copy(PROJECT_ROOT / name, self.project / name)

    def prepare(self) -> None:
        """Load and build the embedded company once."""
        with environment({DATA_DIR_VARIABLE: str(self._clean)}):
            company = build_company(customers=CUSTOMERS, seed=SEED)
            company.answer_key.write(Paths(self._clean).answer_key)
            with running_servers(company) as servers, environment(settings_of_card(servers.card)):
                load("mutants")
            report = run_dbt(Paths(self._clean), ["build"], lambda _text: None)
        if not report.passed:
            raise TieoutError(
                f"The rules fail before any of them is broken: {report.failed_tests[0]}",
                fix="Make `tieout build` pass first.",
            )

    def judge(self, mutant: Mutant) -> str | None:
        """Break the rule, ask each kind of test in turn, mend the rule; what noticed it first."""
        with self._broken(mutant):
            return self._unit_tests(mutant) or self._cases(mutant) or self._company(mutant)

    @contextmanager
    def _broken(self, mutant: Mutant) -> Iterator[None]:
        file = self.project / mutant.file
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        try:
            yield
        finally:
            file.write_text(text, encoding="utf-8")

    def _unit_tests(self, mutant: Mutant) -> str | None:
        if mutant.file.startswith("macros"):
            return None
        return self._dbt("test", "--select", f"{mutant.name},test_type:unit")

    def _cases(self, mutant: Mutant) -> str | None:
        if not mutant.file.startswith(("models/engine", "macros/revenue")):
            return None
        done = self._run(["-m", "pytest", CASES, "-x", "-q", "-n", "0", "-p", "no:cacheprovider"])
        if done.returncode == 0:
            return None
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
        return failed[0].split("::")[-1].split(" - ")[0] if failed else "the case run"

    def _company(self, mutant: Mutant) -> str | None:
        self._reset()
        is_model = mutant.file.startswith("models")
        selection = [f"{mutant.name}+"] if is_model else ["int_reporting_dates+", "path:tests"]
        killer = self._dbt(
            "build", "--select", *selection, "--exclude-resource-type", "unit_test", "snapshot"
        )
        if killer:
            return killer
        script = (
            "from proofs.answer_key import Comparison; from pipelines.config import paths; "
            "c = Comparison(paths().warehouse, paths().answer_key); "
            "bad = [s.reason_code for s in c.scores() if not s.is_perfect] "
            "or c.other_differences(); "
            "print('answer key: ' + str(bad[0])) if bad else None"
        )
        done = self._run(["-c", script])
        if done.returncode:
            raise TieoutError(done.stderr[-2000:], fix="Mend the comparison.")
        return done.stdout.strip() or None

    def _dbt(self, *arguments: str) -> str | None:
        """The first thing that failed, or None."""
        command = ["-c", "from dbt.cli.main import cli; cli()", *arguments, "--target-path"]
        target = self.data / "target"
        results = target / "run_results.json"
        results.unlink(missing_ok=True)
        done = self._run([*command, str(target), "--log-path", str(self.data / "logs"), "--quiet"])
        if not results.exists():
            raise TieoutError(done.stdout[-2000:] + done.stderr[-2000:], fix="Mend the mutant.")
        found = json.loads(results.read_text(encoding="utf-8"))["results"]
        for result in found:
            kind, _, name = result["unique_id"].partition(".")
            if result["status"] == "error" and kind == "model":
                raise TieoutError(f"{name}: {result['message']}", fix="Mend the mutant's SQL.")
            if result["status"] in {"fail", "error"}:
                if kind == "unit_test":
                    return f"unit test {name.split('.')[-1]}"
                return f"test {name.split('.')[1]}"
        return None

    def _reset(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        for name in ("warehouse.duckdb", "warehouse.duckdb.wal"):
            (self.data / name).unlink(missing_ok=True)
        shutil.copy(Paths(self._clean).warehouse, Paths(self.data).warehouse)
        if not Paths(self.data).answer_key.exists():
            shutil.copytree(Paths(self._clean).answer_key, Paths(self.data).answer_key)

    def _run(self, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        self.data.mkdir(parents=True, exist_ok=True)
        if not Paths(self.data).warehouse.exists():
            self._reset()
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.project,
            env={
                **os.environ,
                DATA_DIR_VARIABLE: str(self.data),
                "PYTHONPATH": str(self.project),
                "DBT_PROFILES_DIR": str(self.project),
            },
            capture_output=True,
            text=True,
            check=False,
        )


def main(
    only: Annotated[str, typer.Option(help="Only mutants whose file or rule has this text.")] = "",
    results: Annotated[Path, typer.Option(help="What is known so far; goes on from there.")] = (
        PROJECT_ROOT / "target" / "mutants.json"
    ),
    record: Annotated[bool, typer.Option(help="Write the table into docs/testing.md.")] = False,
) -> None:
    """Break every rule of the list once; exit code 1 when one survives."""
    console = make_console()
    mutants = read_mutants()
    known = _read(results)
    asked = [
        each
        for each in mutants
        if (only in each.file or only in each.rule) and known.get(each.key) is None
    ]
    if asked:
        with TemporaryDirectory() as folder:
            laboratory = Laboratory(Path(folder))
            with console.status("Building the company that mutants are judged by"):
                laboratory.prepare()
            for mutant in track(asked, description="Mutants", console=console):
                known[mutant.key] = laboratory.judge(mutant)
                results.parent.mkdir(parents=True, exist_ok=True)
                results.write_text(json.dumps(known, indent=2), encoding="utf-8")
                killer = known[mutant.key] or "SURVIVED"
                console.print(f"{mutant.name}: {mutant.rule}: {killer}")
    rows = [
        [mutant.name, mutant.rule, known[mutant.key] or "**nothing**"]
        for mutant in mutants
        if mutant.key in known
    ]
    table = Table(*HEADING)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    survivors = [row for row in rows if row[2] == "**nothing**"]
    console.print(f"{len(rows) - len(survivors)} of {len(rows)} mutants killed")
    if record:
        write_section(PROJECT_ROOT / "docs" / "testing.md", "mutants", HEADING, rows)
    raise typer.Exit(1 if survivors else 0)


def _read(results: Path) -> dict[str, str | None]:
    """Key of a mutant -> what killed it; a survivor is tried again."""
    if not results.exists():
        return {}
    found: dict[str, str | None] = json.loads(results.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    typer.run(main)
