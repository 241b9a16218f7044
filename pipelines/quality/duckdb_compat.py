"""Make Great Expectations 1.24 work over DuckDB.

Out of the box every SQL expectation fails with `IndexError: list index out of range`: the
connection goes back to its pool before the result is fetched, and DuckDB's result dies with it.
Great Expectations keeps the connection for a list of dialects that it holds in a private name;
this module adds DuckDB to it. Private API, so: here only, proven by
tests/pipelines/test_quality_suites.py, to be looked at with every upgrade.
"""

import enum
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Before the import: it decides then whether to call home.
os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
from great_expectations.execution_engine import sqlalchemy_execution_engine

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource


class _PersistedDialect(enum.StrEnum):
    DUCKDB = "duckdb"


def _keep_connections_open() -> None:
    name = "_PERSISTED_CONNECTION_DIALECTS"
    dialects = getattr(sqlalchemy_execution_engine, name)
    if _PersistedDialect.DUCKDB not in dialects:
        setattr(sqlalchemy_execution_engine, name, (*dialects, _PersistedDialect.DUCKDB))


def open_read_only(warehouse: Path) -> tuple[Any, "SQLDatasource"]:
    """A Great Expectations context and a data source over a DuckDB file.

    Queries become temporary tables, so that each metric query runs once however many
    expectations look at its row. Temporary tables do not touch the file.

    Args:
        warehouse: the file, opened read-only.
    """
    _keep_connections_open()
    # Any: the annotations of both calls below are narrower than what they take.
    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "warehouse",
        connection_string=f"duckdb:///{warehouse}",
        kwargs={"connect_args": {"read_only": True}},
        create_temp_table=True,
    )
    return context, source
