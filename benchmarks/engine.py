"""Speed and memory of the revenue engine against its budgets: `python -m benchmarks.engine`.

Made-up contracts fill the engine's input; dbt runs the models on them as it does for a case file.
In the same run the same compiled SQL is run bare, and the finished line-period schedule is built
and copied bare, in turn. Ends with code 1 when a budget is missed.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import duckdb
import typer

from benchmarks.dbt_runs import DbtRun, judge, like_the_profile, measure, seconds
from benchmarks.verdicts import Verdict, verdict_table
from pipelines.cases.database import SELECTION
from pipelines.config import PROJECT_ROOT, Paths
from pipelines.console import Update, make_console, working

FULL_SIZE: Final = 1_000_000
MOST_TIMES_COPY: Final = 1.3
SCHEDULE: Final = "int_revenue_time_postings"
SCHEMA: Final = "intermediate"


@dataclass(frozen=True)
class Run:
    """One size.

    Attributes:
        lines: contract lines.
        line_periods: rows of the line-period schedule.
        dbt: the engine by dbt, and the same SQL bare.
        schedule_seconds: building the schedule, per repeat.
        copy_seconds: copying the finished schedule, per repeat.
    """

    lines: int
    line_periods: int
    dbt: DbtRun
    schedule_seconds: list[float]
    copy_seconds: list[float]

    @property
    def times_copy(self) -> float:
        """The schedule's time as a multiple of the bare copy's, median of the repeats."""
        return median(
            schedule / copy
            for schedule, copy in zip(self.schedule_seconds, self.copy_seconds, strict=True)
        )


def main(
    lines: Annotated[int, typer.Option(help="Contract lines, at least 1,000.")] = FULL_SIZE,
    repeat: Annotated[int, typer.Option(help="Repeats of schedule and copy.")] = 3,
    output: Annotated[Path, typer.Option(help="JSON file for the figures.")] = PROJECT_ROOT
    / "target"
    / "bench_engine.json",
) -> None:
    """Measure the engine and compare it with its budgets."""
    console = make_console()
    with TemporaryDirectory() as scratch, working(console, "benchmark") as update:
        small = _measure(Paths(Path(scratch) / "small"), lines // 10, repeat, update)
        large = _measure(Paths(Path(scratch) / "large"), lines, repeat, update)
    verdicts = judge_runs(small, large)
    console.print(
        verdict_table(
            f"{large.lines:,} contract lines, {large.line_periods:,} line-periods",
            verdicts,
            "Slowest models, seconds: "
            + ", ".join(f"{name} {time:.1f}" for name, time in large.dbt.slowest.items()),
        )
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "verdicts": [asdict(verdict) for verdict in verdicts],
        "runs": [asdict(small), asdict(large)],
    }
    output.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    raise typer.Exit(0 if all(verdict.met for verdict in verdicts) else 1)


def judge_runs(small: Run, large: Run) -> list[Verdict]:
    """The figures of the large run, and the growth from the small one, beside their budgets."""
    return [
        Verdict(
            "line-period schedule / copy of it",
            f"{large.times_copy:.2f}",
            f"{MOST_TIMES_COPY}",
            large.times_copy <= MOST_TIMES_COPY,
        ),
        *judge(small.dbt, large.dbt, "engine"),
    ]


def _measure(paths: Paths, lines: int, repeat: int, update: Update) -> Run:
    update(f"writing {lines:,} contract lines")
    fill(paths, lines)
    run = measure(paths, [*SELECTION], update)
    with duckdb.connect(paths.warehouse) as connection:
        like_the_profile(connection)
        schedule, copy = [], []
        for number in range(repeat):
            update(f"schedule and copy, repeat {number + 1} of {repeat}")
            sql = f"create or replace table bare.built as {run.compiled[SCHEDULE]}"
            schedule.append(seconds(connection, sql))
            sql = f"create or replace table bare.copied as from {SCHEMA}.{SCHEDULE}"
            copy.append(seconds(connection, sql))
        (line_periods,) = connection.execute(
            f"select count(*) from {SCHEMA}.{SCHEDULE}"
        ).fetchone() or (0,)
    return Run(lines, line_periods, run, schedule, copy)


def fill(paths: Paths, lines: int) -> None:
    """Write the engine's input: terms of one to three years, daily; a tenth of them terminated.

    Args:
        paths: files of the run; its warehouse must not exist.
        lines: contract lines, one to a contract.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    statements = (PROJECT_ROOT / "benchmarks" / "contracts.sql").read_text(encoding="utf-8")
    with duckdb.connect(paths.warehouse) as connection:
        like_the_profile(connection)
        connection.execute(statements.replace("{lines}", str(lines)))


if __name__ == "__main__":
    typer.run(main)
