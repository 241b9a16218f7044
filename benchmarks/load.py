"""Speed and memory of the load against their budgets: `python -m benchmarks.load`.

Local servers send rendered pages to the real connectors and dlt, and in the same run to a bare
read of the same bytes by Arrow into DuckDB; every step is a process of its own. Figures are medians
over the repeats. Ends with code 1 when a budget is missed.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.table import Table as RichTable

from benchmarks.pages import LINES_PER_TRANSACTION, SOBJECT, changed_rows, render
from benchmarks.verdicts import Verdict, verdict_table
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT
from pipelines.console import make_console, working
from pipelines.netsuite.client import PAGE_ROWS
from pipelines.salesforce.bulk import PAGE_ROWS as BULK_PAGE_ROWS

FULL_SIZE: Final = 1_000_000
MOST_MEMORY_BYTES: Final = 1 << 30
MOST_TIMES_BARE: Final = 2.0
LEAST_TIMES_ROW_BY_ROW: Final = 20.0
MOST_OF_FULL_LOAD: Final = 0.05
Numbers = dict[str, float]


@dataclass(frozen=True)
class Run:
    """The steps of one repeat: what each process printed, and the server's own seconds.

    The bare read is measured before and after the loads: on a busy machine the two differ.
    """

    bare: Numbers
    full: Numbers
    changes: Numbers
    bare_again: Numbers
    row_by_row: Numbers


def main(
    rows: Annotated[int, typer.Option(help="Rows of each source, at least 1,000.")] = FULL_SIZE,
    repeat: Annotated[int, typer.Option(help="Repeats to take medians of.")] = 1,
    row_by_row: Annotated[
        int, typer.Option(help="Rows of each source for dlt's row-by-row path, in thousands up.")
    ] = 10_000,
    output: Annotated[Path, typer.Option(help="JSON file for the figures.")] = PROJECT_ROOT
    / "target"
    / "bench_load.json",
) -> None:
    """Measure the load and compare it with its budgets."""
    console = make_console()
    few = max(min(row_by_row, rows, BULK_PAGE_ROWS) // PAGE_ROWS, 1) * PAGE_ROWS
    runs = []
    with TemporaryDirectory() as scratch, working(console, "benchmark") as update:
        pages = Path(scratch) / "pages"
        rows = rows // LINES_PER_TRANSACTION * LINES_PER_TRANSACTION
        update("writing the pages")
        render(pages, rows)
        with _server(pages, rows) as address:
            environment = {**os.environ, **settings(address, pages, few)}
            for number in range(repeat):
                update(f"repeat {number + 1} of {repeat}")
                data = Path(scratch) / f"data_{number}"
                runs.append(_measure(environment, address, data))
    verdicts = judge(runs)
    console.print(_table(verdicts, runs, rows, few))
    output.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "rows_per_source": rows,
        "changed_rows_per_source": changed_rows(rows),
        "row_by_row_rows_per_source": few,
        "verdicts": [asdict(verdict) for verdict in verdicts],
        "runs": [asdict(run) for run in runs],
    }
    output.write_text(json.dumps(figures, indent=2))
    raise typer.Exit(0 if all(verdict.met for verdict in verdicts) else 1)


def judge(runs: list[Run]) -> list[Verdict]:
    """Medians of the ratios within a run, beside their budgets."""
    times_bare = median(_times_bare(run, "seconds") for run in runs)
    memory = max(max(run.full["peak_bytes"], run.changes["peak_bytes"]) for run in runs)
    times_rows = median(_speed(run.full) / _speed(run.row_by_row) for run in runs)
    share = median(run.changes["connector_seconds"] / run.full["connector_seconds"] for run in runs)
    return [
        Verdict(
            "full load, times a bare read of the same bytes",
            f"{times_bare:.2f}",
            f"<= {MOST_TIMES_BARE:.2f}",
            times_bare <= MOST_TIMES_BARE,
        ),
        Verdict(
            "peak memory of the loading process, MiB",
            f"{memory / (1 << 20):.0f}",
            f"<= {MOST_MEMORY_BYTES >> 20}",
            memory <= MOST_MEMORY_BYTES,
        ),
        Verdict(
            "rows per second, times dlt's row-by-row path",
            f"{times_rows:.0f}",
            f">= {LEAST_TIMES_ROW_BY_ROW:.0f}",
            times_rows >= LEAST_TIMES_ROW_BY_ROW,
        ),
        Verdict(
            "load of 1 % changed rows, share of the full load's connector time",
            f"{share:.1%}",
            f"<= {MOST_OF_FULL_LOAD:.1%}",
            share <= MOST_OF_FULL_LOAD,
        ),
    ]


def _times_bare(run: Run, measure: str) -> float:
    return 2 * run.full[measure] / (run.bare[measure] + run.bare_again[measure])


def _speed(step: Numbers) -> float:
    return step["rows"] / step["seconds"]


def _measure(environment: dict[str, str], address: str, data: Path) -> Run:
    data.mkdir()
    environment = {**environment, DATA_DIR_VARIABLE: str(data)}
    return Run(
        *(
            _step(step, environment, address)
            for step in ("bare", "connectors", "connectors", "bare", "row_by_row")
        )
    )


def _step(step: str, environment: dict[str, str], address: str) -> Numbers:
    before = _server_seconds(address)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.steps", step],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    numbers: Numbers = json.loads(done.stdout.splitlines()[-1])
    return {**numbers, "server_seconds": _server_seconds(address) - before}


@contextmanager
def _server(pages: Path, rows: int) -> Iterator[str]:
    """A server of rendered pages in a process of its own; yields its address."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "benchmarks.server", str(pages), str(rows)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        yield process.stdout.readline().strip() if process.stdout else ""
        process.communicate()


def _server_seconds(address: str) -> float:
    with urllib.request.urlopen(f"{address}/seconds") as answer:  # noqa: S310 - our own server
        return float(json.loads(answer.read())["seconds"])


def settings(address: str, pages: Path, row_by_row: int) -> dict[str, str]:
    """Environment of a step, beside the data folder: where everything is, and any credentials."""
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    return {
        "PYTHONPATH": str(PROJECT_ROOT),
        "BENCHMARK_PAGES": str(pages),
        "BENCHMARK_ADDRESS": address,
        "BENCHMARK_ROW_BY_ROW": str(row_by_row),
        "SOURCES__SALESFORCE__INSTANCE_URL": address,
        "SOURCES__SALESFORCE__OBJECTS": json.dumps({SOBJECT.name: {"api": "bulk"}}),
        "SOURCES__SALESFORCE__CLIENT_ID": "benchmark",
        "SOURCES__SALESFORCE__CLIENT_SECRET": "benchmark",
        "SOURCES__NETSUITE__ACCOUNT_ID": "1",
        "SOURCES__NETSUITE__BASE_URL": address,
        "SOURCES__NETSUITE__CLIENT_ID": "benchmark",
        "SOURCES__NETSUITE__CERTIFICATE_ID": "benchmark",
        "SOURCES__NETSUITE__PRIVATE_KEY": key.decode(),
        "RUNTIME__DLTHUB_TELEMETRY": "false",
    }


def _table(verdicts: list[Verdict], runs: list[Run], rows: int, few: int) -> RichTable:
    run = runs[-1]
    return verdict_table(
        f"{rows:,} rows of each source, {len(runs)} repeat(s)",
        verdicts,
        f"Last repeat, seconds: bare {run.bare['seconds']:.1f} and "
        f"{run.bare_again['seconds']:.1f}, full "
        f"{run.full['seconds']:.1f} (connectors {run.full['connector_seconds']:.1f}), changes "
        f"{run.changes['seconds']:.1f} (connectors {run.changes['connector_seconds']:.2f}), "
        f"server's own {run.full['server_seconds']:.1f}. Processor time of the full load: "
        f"{_times_bare(run, 'processor_seconds'):.2f} times the bare read's. Row by row was "
        f"measured on {few:,} rows of each source: {_speed(run.row_by_row):,.0f} rows a second.",
    )


if __name__ == "__main__":
    typer.run(main)
