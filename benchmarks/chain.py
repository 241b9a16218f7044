"""Speed and memory of the chain and its marts against budgets: `python -m benchmarks.chain`.

The embedded company is loaded and built once; what the chain reads of it (the contract grain, the
ERP's plans, the engine's postings) is copied until there are as many contract lines as asked,
breaks and amendments included, and the calendar is set so that a line has 36 periods in the mean.
dbt runs the chain, fct_reconciliation and its reasons on that and on a tenth of it, and the same
SQL is run bare on the tenth.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import duckdb
import typer

from benchmarks.dbt_runs import DbtRun, judge, like_the_profile, measure
from benchmarks.verdicts import verdict_table
from pipelines.build import run_dbt
from pipelines.company import build_company
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT, Paths
from pipelines.console import Update, make_console, working
from pipelines.demo import environment, settings_of_card
from pipelines.load import load
from pipelines.simulators.server import running_servers

FULL_SIZE: Final = 1_000_000
CUSTOMERS: Final = 80
PERIODS: Final = 36
MARTS: Final = ("fct_reconciliation", "fct_reconciliation_reasons")
SELECTION: Final = ["--select", "path:models/chain", *MARTS]
#: Columns that name a contract, a part of it, or a record of it. Of what has none of them there is
#: one of each, however many contracts there are.
KEYS: Final = frozenset({
    "contract_id", "contract_line_id", "contract_line_version_id", "contract_line_witness_id",
    "contract_key", "line_key", "record_id", "header_record_id", "revised_record_id",
    "line_record_id", "element_record_id", "source_record_id", "modification_id",
    "variable_term_id", "crm_record_id", "erp_record_id", "erp_header_record_id",
    "planned_revenue_id", "revenue_plan_id", "revenue_element_id", "duplicate_of_record_id",
})  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much there was of it."""

    lines: int
    line_periods: int
    reasons: int


def main(
    lines: Annotated[int, typer.Option(help="Contract lines, at least 10,000.")] = FULL_SIZE,
    output: Annotated[Path, typer.Option(help="JSON file for the figures.")] = PROJECT_ROOT
    / "target"
    / "bench_chain.json",
) -> None:
    """Measure the chain and compare it with its budgets."""
    console = make_console()
    with TemporaryDirectory() as scratch, working(console, "benchmark") as update:
        company = Paths(Path(scratch) / "company")
        _build_company(company, update)
        small, _ = _run(
            company, Paths(Path(scratch) / "small"), lines // 10, update, with_bare=True
        )
        large, size = _run(company, Paths(Path(scratch) / "large"), lines, update, with_bare=False)
    verdicts = judge(small, large, "chain")
    console.print(
        verdict_table(
            f"{size.lines:,} contract lines, {size.line_periods:,} line-periods, "
            f"{size.reasons:,} reasons",
            verdicts,
            f"Slowest models of {lines // 10:,} lines, seconds: "
            + ", ".join(f"{name} {time:.1f}" for name, time in small.slowest.items()),
        )
    )
    output.parent.mkdir(parents=True, exist_ok=True)
    figures = {
        "size": asdict(size),
        "verdicts": [asdict(verdict) for verdict in verdicts],
        "seconds": {"dbt": large.dbt_seconds, "dbt of a tenth": small.dbt_seconds}
        | small.bare_seconds,
    }
    output.write_text(json.dumps(figures, indent=2), encoding="utf-8")
    raise typer.Exit(0 if all(verdict.met for verdict in verdicts) else 1)


def _build_company(paths: Paths, update: Update) -> None:
    with environment({DATA_DIR_VARIABLE: str(paths.data)}):
        company = build_company(customers=CUSTOMERS, seed=1)
        with running_servers(company) as servers, environment(settings_of_card(servers.card)):
            update("loading the company")
            load("benchmark")
        run_dbt(paths, ["build", "--exclude-resource-type", "test", "unit_test"], update)


def _run(
    company: Paths, paths: Paths, lines: int, update: Update, *, with_bare: bool
) -> tuple[DbtRun, Size]:
    update(f"writing {lines:,} contract lines")
    fill(company, paths, lines)
    run = measure(paths, SELECTION, update, with_bare=with_bare)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        counted = connection.execute(
            """
            select
                count(distinct contract_line_id), count(*),
                (select count(*) from marts.fct_reconciliation_reasons)
            from marts.fct_reconciliation
            """
        ).fetchone()
    return run, Size(*(counted or (0, 0, 0)))


def fill(company: Paths, paths: Paths, lines: int) -> None:
    """Copy what the chain reads into a new warehouse, many times over.

    Args:
        company: a built company.
        paths: files of the run; its warehouse must not exist.
        lines: at least so many contract lines.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(paths.warehouse) as connection:
        like_the_profile(connection)
        connection.execute(f"attach '{company.warehouse}' as company (read_only)")
        (own,) = connection.execute(
            "select count(distinct contract_line_id) from company.core.fct_contract_lines"
        ).fetchone() or (0,)
        copies = -(-lines // own)
        for schema, table in _inputs(company):
            connection.execute(f"create schema if not exists {schema}")
            columns = [
                name
                for (name,) in connection.execute(
                    "select column_name from duckdb_columns() where database_name = 'company' "
                    f"and schema_name = '{schema}' and table_name = '{table}' order by column_index"
                ).fetchall()
            ]
            listed = ", ".join(_column(name) for name in columns)
            source = f"company.{schema}.{table}"
            times = 1 if KEYS.isdisjoint(columns) else copies
            connection.execute(
                f"create table {schema}.{table} as "
                f"select {listed} from {source} cross join range({times}) as copies (copy_no)"
            )
        _set_calendar(connection)


def _inputs(company: Paths) -> list[tuple[str, str]]:
    """Schema and name of what the measured models read and do not make."""
    manifest = json.loads((company.data / "target" / "manifest.json").read_text(encoding="utf-8"))
    nodes = manifest["nodes"]
    measured = {
        key
        for key, node in nodes.items()
        if node["resource_type"] == "model"
        and (node["path"].startswith("chain/") or node["name"] in MARTS)
    }
    read = {parent for key in measured for parent in nodes[key]["depends_on"]["nodes"]} - measured
    return sorted((nodes[key]["schema"], nodes[key]["name"]) for key in read)


def _column(name: str) -> str:
    if name not in KEYS:
        return name
    return f"case when {name} is not null then md5({name} || ' ' || copy_no) end as {name}"


def _set_calendar(connection: duckdb.DuckDBPyConnection) -> None:
    """Let so many periods have ended that a line has PERIODS of them in the mean."""
    connection.execute(
        f"""
        update core.dim_accounting_period
        set
            has_ended = period_no <= last_no,
            is_reporting_period = period_no = last_no
        from (
            select cast(avg(first_periods.period_no) as integer) + {PERIODS} - 1 as last_no
            from (
                select contract_line_id, min(known_on) as known_on
                from core.fct_contract_lines
                group by contract_line_id
            ) as lines
            inner join core.dim_accounting_period as first_periods
                on lines.known_on between first_periods.starts_on and first_periods.ends_on
        ) as calendar
        """
    )


if __name__ == "__main__":
    typer.run(main)
