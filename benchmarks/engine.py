"""Speed and memory of the revenue engine against its budgets: `python -m benchmarks.engine`.

Made-up contracts fill the engine's input; dbt runs the models on them as it does for a case file.
In the same run the same compiled SQL is run bare, and the finished line-period schedule is built
and copied bare, in turn. Ends with code 1 when a budget is missed.
"""

import json
import resource
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import duckdb
import typer

from benchmarks.verdicts import Verdict, verdict_table
from pipelines.build import run_dbt
from pipelines.cases.database import SELECTION
from pipelines.config import PROJECT_ROOT, Paths
from pipelines.console import Update, make_console, working

FULL_SIZE: Final = 1_000_000
MOST_TIMES_COPY: Final = 1.3
MOST_TIMES_BARE: Final = 1.5
MOST_GROWTH: Final = 11.0
MOST_MEMORY_BYTES: Final = 4 << 30
SCHEDULE: Final = "int_revenue_time_postings"
SCHEMA: Final = "intermediate"


@dataclass(frozen=True)
class Run:
    """One size.

    Attributes:
        lines: contract lines.
        line_periods: rows of the line-period schedule.
        dbt_seconds: from the start of dbt's first model to the end of its last.
        bare_seconds: the same SQL, one model after the other.
        peak_bytes: largest resident memory of dbt's process.
        schedule_seconds: building the schedule, per repeat.
        copy_seconds: copying the finished schedule, per repeat.
        slowest: model -> seconds, the five slowest.
    """

    lines: int
    line_periods: int
    dbt_seconds: float
    bare_seconds: float
    peak_bytes: int
    schedule_seconds: list[float]
    copy_seconds: list[float]
    slowest: dict[str, float]

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
    verdicts = judge(small, large)
    console.print(
        verdict_table(
            f"{large.lines:,} contract lines, {large.line_periods:,} line-periods",
            verdicts,
            "Slowest models, seconds: "
            + ", ".join(f"{name} {seconds:.1f}" for name, seconds in large.slowest.items()),
        )
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "verdicts": [asdict(verdict) for verdict in verdicts],
        "runs": [asdict(small), asdict(large)],
    }
    output.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    raise typer.Exit(0 if all(verdict.met for verdict in verdicts) else 1)


def judge(small: Run, large: Run) -> list[Verdict]:
    """The figures of the large run, and the growth from the small one, beside their budgets."""
    times_bare = large.dbt_seconds / large.bare_seconds
    growth = large.dbt_seconds / small.dbt_seconds
    return [
        Verdict(
            "line-period schedule / copy of it",
            f"{large.times_copy:.2f}",
            f"{MOST_TIMES_COPY}",
            large.times_copy <= MOST_TIMES_COPY,
        ),
        Verdict(
            "engine by dbt / the same SQL bare",
            f"{large.dbt_seconds:.1f} s / {large.bare_seconds:.1f} s = {times_bare:.2f}",
            f"{MOST_TIMES_BARE}",
            times_bare <= MOST_TIMES_BARE,
        ),
        Verdict(
            "ten times the lines / one time",
            f"{large.dbt_seconds:.1f} s / {small.dbt_seconds:.1f} s = {growth:.1f}",
            f"{MOST_GROWTH:.0f}",
            growth <= MOST_GROWTH,
        ),
        Verdict(
            "peak memory",
            f"{large.peak_bytes / (1 << 20):,.0f} MiB",
            f"{MOST_MEMORY_BYTES / (1 << 20):,.0f} MiB",
            large.peak_bytes <= MOST_MEMORY_BYTES,
        ),
    ]


def _measure(paths: Paths, lines: int, repeat: int, update: Update) -> Run:
    update(f"writing {lines:,} contract lines")
    fill(paths, lines)
    run_dbt(paths, ["run", *SELECTION], update)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    results = _results(paths)
    with duckdb.connect(paths.warehouse) as connection:
        _like_the_profile(connection)
        built = _tables(connection)
        bare = {}
        for name, sql in _compiled(paths, results):
            if name not in built:
                continue
            update(f"bare: {name}")
            bare[name] = _seconds(connection, f"create table bare.{name} as {sql}")
        schedule, copy = [], []
        sql = dict(_compiled(paths, results))[SCHEDULE]
        for number in range(repeat):
            update(f"schedule and copy, repeat {number + 1} of {repeat}")
            schedule.append(_seconds(connection, f"create or replace table bare.built as {sql}"))
            copy.append(
                _seconds(
                    connection,
                    f"create or replace table bare.copied as from {SCHEMA}.{SCHEDULE}",
                )
            )
        (line_periods,) = connection.execute(
            f"select count(*) from {SCHEMA}.{SCHEDULE}"
        ).fetchone() or (0,)
    slowest = sorted(bare.items(), key=lambda item: -item[1])[:5]
    return Run(
        lines=lines,
        line_periods=line_periods,
        dbt_seconds=_span(results),
        bare_seconds=sum(bare.values()),
        peak_bytes=peak,
        schedule_seconds=schedule,
        copy_seconds=copy,
        slowest=dict(slowest),
    )


def fill(paths: Paths, lines: int) -> None:
    """Write the engine's input: terms of one to three years, daily; a tenth of them terminated.

    Args:
        paths: files of the run; its warehouse must not exist.
        lines: contract lines, one to a contract.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    statements = (PROJECT_ROOT / "benchmarks" / "contracts.sql").read_text(encoding="utf-8")
    with duckdb.connect(paths.warehouse) as connection:
        _like_the_profile(connection)
        connection.execute(statements.replace("{lines}", str(lines)))


def _like_the_profile(connection: duckdb.DuckDBPyConnection) -> None:
    """The settings under which dbt runs the models (profiles.yml)."""
    connection.execute("set memory_limit = '3GB'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("create schema if not exists bare")


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Names of the models that are tables: a view costs nothing until it is asked."""
    rows = connection.execute(
        f"select table_name from duckdb_tables() where schema_name = '{SCHEMA}'"
    ).fetchall()
    return {name for (name,) in rows}


def _seconds(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    start = time.perf_counter()
    connection.execute(sql)
    return time.perf_counter() - start


def _results(paths: Paths) -> list[dict[str, Any]]:
    text = (paths.data / "target" / "run_results.json").read_text(encoding="utf-8")
    return [result for result in json.loads(text)["results"] if result["status"] == "success"]


def _compiled(paths: Paths, results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Name and SQL of each model, in the order in which dbt finished them."""
    finished = sorted(results, key=lambda result: result["timing"][-1]["completed_at"])
    return [
        (result["unique_id"].rsplit(".", 1)[-1], result["compiled_code"]) for result in finished
    ]


def _span(results: list[dict[str, Any]]) -> float:
    timings = [timing for result in results for timing in result["timing"]]
    start = min(datetime.fromisoformat(timing["started_at"]) for timing in timings)
    end = max(datetime.fromisoformat(timing["completed_at"]) for timing in timings)
    return (end - start).total_seconds()


if __name__ == "__main__":
    typer.run(main)
