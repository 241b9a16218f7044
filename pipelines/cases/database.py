"""The case database: a DuckDB file of its own, in which the engine's models run."""

from typing import TYPE_CHECKING, Final

from pipelines.config import Paths

if TYPE_CHECKING:
    import pyarrow as pa

OUTPUT: Final = (
    "int_revenue_allocations",
    "int_revenue_postings",
    "int_revenue_modifications",
    "int_revenue_balances",
    "int_revenue_bookings",
    "int_revenue_invoices",
    "int_revenue_functional_allocations",
    "int_revenue_functional_postings",
    "int_revenue_explanations",
)
#: What the output needs and is the engine's own: not its input, and nothing beside it.
SELECTION: Final = (
    "--select",
    *(f"+{name},path:models/engine" for name in OUTPUT),
    "--exclude",
    "path:models/engine/input",
)
SCHEMAS: Final = {"dim_accounting_period": "core", "case_contracts": "cases", "case_lines": "cases"}


def write_database(paths: Paths, tables: "dict[str, pa.Table]") -> None:
    """Write the engine's input into a new database.

    Args:
        paths: files of the case folder; a database of an earlier run is replaced.
        tables: name of the relation -> rows.
    """
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    paths.data.mkdir(parents=True, exist_ok=True)
    for file in (paths.warehouse, paths.warehouse.with_name(f"{paths.warehouse.name}.wal")):
        file.unlink(missing_ok=True)
    with duckdb.connect(paths.warehouse) as connection:
        for name, table in tables.items():
            schema = SCHEMAS.get(name, "intermediate")
            connection.execute(f"create schema if not exists {schema}")
            connection.register("arriving", table)
            connection.execute(f"create table {schema}.{name} as select * from arriving")
            connection.unregister("arriving")
