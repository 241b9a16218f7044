"""A dbt run against the same SQL run bare, in the same warehouse."""

import json
import resource
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from benchmarks.verdicts import Verdict
from pipelines.build import run_dbt
from pipelines.config import Paths
from pipelines.console import Update

MOST_TIMES_BARE = 1.5
MOST_GROWTH = 11.0
MOST_MEMORY_BYTES = 4 << 30


@dataclass(frozen=True)
class DbtRun:
    """Models run by dbt, and the same SQL bare.

    Attributes:
        dbt_seconds: from the start of dbt's first model to the end of its last.
        bare_seconds: model -> seconds of its SQL, tables only, in the order dbt finished them.
        peak_bytes: largest resident memory of any dbt process so far.
        compiled: model -> its SQL.
    """

    dbt_seconds: float
    bare_seconds: dict[str, float]
    peak_bytes: int
    compiled: dict[str, str]

    @property
    def slowest(self) -> dict[str, float]:
        """The five slowest models."""
        return dict(sorted(self.bare_seconds.items(), key=lambda item: -item[1])[:5])


def measure(
    paths: Paths, selection: list[str], update: Update, *, with_bare: bool = True
) -> DbtRun:
    """Run models by dbt, then each of their tables' SQL bare into schema `bare`, none of it kept.

    dbt runs one model at a time, as the bare SQL is run: DuckDB gives each of them both cores, and
    two at once would halve the memory of each.

    Args:
        paths: files of the run; its warehouse holds what the models read.
        selection: dbt arguments that select them.
        update: is told what is going on.
        with_bare: run the SQL bare as well; without, only dbt's time is known.
    """
    run_dbt(paths, ["run", "--threads", "1", *selection], update)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    results = _results(paths)
    compiled = _compiled(results)
    bare: dict[str, float] = {}
    if with_bare:
        bare = _run_bare(paths, compiled, update)
    return DbtRun(_span(results), bare, peak, compiled)


def _run_bare(paths: Paths, compiled: dict[str, str], update: Update) -> dict[str, float]:
    with duckdb.connect(paths.warehouse) as connection:
        like_the_profile(connection)
        # A view costs nothing until it is asked.
        tables = {name for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name != 'bare'"
        ).fetchall()}  # fmt: skip
        bare = {}
        for name, sql in compiled.items():
            if name in tables:
                update(f"bare: {name}")
                bare[name] = seconds(connection, f"create table bare.{name} as {sql}")
                connection.execute(f"drop table bare.{name}")
    return bare


def judge(small: DbtRun, large: DbtRun, what: str) -> list[Verdict]:
    """Both runs beside their budgets: one of them against the bare SQL, and the growth.

    The bare SQL of the small run is the harder comparison: dbt spends the same on each model
    however many rows it has.
    """
    compared = small if small.bare_seconds else large
    bare = sum(compared.bare_seconds.values())
    times_bare = compared.dbt_seconds / bare
    growth = large.dbt_seconds / small.dbt_seconds
    return [
        Verdict(
            f"{what} by dbt / the same SQL bare",
            f"{compared.dbt_seconds:.1f} s / {bare:.1f} s = {times_bare:.2f}",
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


def like_the_profile(connection: duckdb.DuckDBPyConnection) -> None:
    """The settings under which dbt runs the models (profiles.yml)."""
    connection.execute("set memory_limit = '3500MB'")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("create schema if not exists bare")


def seconds(connection: duckdb.DuckDBPyConnection, sql: str) -> float:
    """How long a statement takes."""
    start = time.perf_counter()
    connection.execute(sql)
    return time.perf_counter() - start


def _results(paths: Paths) -> list[dict[str, Any]]:
    text = (paths.data / "target" / "run_results.json").read_text(encoding="utf-8")
    return [result for result in json.loads(text)["results"] if result["status"] == "success"]


def _compiled(results: list[dict[str, Any]]) -> dict[str, str]:
    """Name and SQL of each model, in the order in which dbt finished them."""
    finished = sorted(results, key=lambda result: result["timing"][-1]["completed_at"])
    return {result["unique_id"].rsplit(".", 1)[-1]: result["compiled_code"] for result in finished}


def _span(results: list[dict[str, Any]]) -> float:
    timings = [timing for result in results for timing in result["timing"]]
    start = min(datetime.fromisoformat(timing["started_at"]) for timing in timings)
    end = max(datetime.fromisoformat(timing["completed_at"]) for timing in timings)
    return (end - start).total_seconds()
