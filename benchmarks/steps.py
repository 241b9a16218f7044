"""What is measured, each step in a process of its own: `python -m benchmarks.steps STEP`.

A step prints one JSON object of numbers. Imports are not timed: they cost the same whatever is
loaded. Settings come from the environment, as for any load.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from csv import DictReader
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import dlt
import duckdb
import pyarrow as pa
import pyarrow.json
import requests
from pyarrow import csv

from benchmarks.pages import SOBJECT, TABLE, bulk_file, suiteql_file
from pipelines.config import paths
from pipelines.load import load
from pipelines.load.connectors import prepare
from pipelines.load.resource import RawTable, column_hint, raw_name
from pipelines.netsuite.client import PAGE_ROWS as SUITEQL_PAGE_ROWS

# A DuckDB insert of one SuiteQL page at a time would be measured instead of the reading.
PAGES_PER_INSERT: Final = 20
PAGES_VARIABLE: Final = "BENCHMARK_PAGES"
ADDRESS_VARIABLE: Final = "BENCHMARK_ADDRESS"
ROW_BY_ROW_VARIABLE: Final = "BENCHMARK_ROW_BY_ROW"
Numbers = dict[str, float]


def connectors() -> Numbers:
    """One load of both objects, as `tieout load` does it: the first is full, the second not."""
    began = time.perf_counter()
    report = load("benchmark", only=[SOBJECT.name, TABLE.name])
    seconds = time.perf_counter() - began
    return {
        "seconds": seconds,
        "connector_seconds": report.connector_seconds,
        "rows": report.rows_loaded,
        **{f"{item.source}_reading_seconds": item.seconds for item in report.objects},
    }


def bare() -> Numbers:
    """The same bytes over HTTP, read by Arrow and inserted into typed DuckDB tables: no more."""
    tables = _tables()
    file = paths().data / "bare.duckdb"
    file.unlink(missing_ok=True)
    began = time.perf_counter()
    rows = 0
    reading = {}
    with duckdb.connect(str(file)) as connection, requests.Session() as session:
        for table, pages in zip(tables, (_bulk_pages, _suiteql_pages), strict=True):
            started = time.perf_counter()
            connection.register("page", table.schema.empty_table())
            connection.execute(f"create table {table.name} as from page")
            connection.execute("begin")
            for page in pages(session, table):
                connection.register("page", page)
                connection.execute(f"insert into {table.name} by name from page")
                rows += page.num_rows
            connection.execute("commit")
            reading[f"{table.source}_seconds"] = time.perf_counter() - started
    return {"seconds": time.perf_counter() - began, "rows": rows, **reading}


def row_by_row() -> Numbers:
    """The first rows as dicts through dlt's ordinary path: what a source written by hand does."""
    rows = int(os.environ[ROW_BY_ROW_VARIABLE])
    folder = Path(os.environ[PAGES_VARIABLE])
    pipeline = dlt.pipeline(
        "row_by_row",
        pipelines_dir=str(paths().data / "row_by_row"),
        destination=dlt.destinations.duckdb(str(paths().data / "row_by_row.duckdb")),
        dataset_name="raw",
    )
    resources = [
        dlt.resource(
            generate(folder, rows, table),
            name=table.table_name,
            primary_key=[raw_name(name) for name in table.primary_key],
            write_disposition="merge",
            columns={item.name: column_hint(item.name, item.type) for item in table.schema},
        )
        for table, generate in zip(_tables(), (_bulk_dicts, _suiteql_dicts), strict=True)
    ]
    began = time.perf_counter()
    pipeline.run(resources)
    return {"seconds": time.perf_counter() - began, "rows": 2 * rows}


def _tables() -> tuple[RawTable, ...]:
    """Both objects, Salesforce's first."""
    return tuple(
        table for connect in prepare([SOBJECT.name, TABLE.name]) for table in connect().tables
    )


def _bulk_pages(session: requests.Session, table: RawTable) -> Iterator[pa.Table]:
    options = csv.ConvertOptions(
        column_types=dict(table.types),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
    )
    locator = "0"
    address = f"{os.environ[ADDRESS_VARIABLE]}/services/data/v60.0/jobs/query/all/results"
    while locator != "null":
        answer = session.get(address, params={"locator": locator}, timeout=60)
        page = csv.read_csv(BytesIO(answer.content), convert_options=options)
        yield page.rename_columns(table.schema.names)
        locator = answer.headers["Sforce-Locator"]


def _suiteql_pages(session: requests.Session, table: RawTable) -> Iterator[pa.Table]:
    row = pa.struct([(name, pa.string()) for name in table.types])
    options = pyarrow.json.ParseOptions(
        explicit_schema=pa.schema([("items", pa.list_(row)), ("hasMore", pa.bool_())]),
        unexpected_field_behavior="ignore",
    )
    address = f"{os.environ[ADDRESS_VARIABLE]}/services/rest/query/v1/suiteql"
    after, more = 0, True
    waiting: list[pa.RecordBatch] = []
    while more:
        query = {"q": f"SELECT * FROM {TABLE.name} WHERE uniquekey > {after}"}
        answer = session.post(address, json=query, timeout=60)
        block = pyarrow.json.ReadOptions(block_size=len(answer.content) + 1)
        page = pyarrow.json.read_json(BytesIO(answer.content), block, options)
        waiting.append(pa.RecordBatch.from_struct_array(page["items"].chunk(0).flatten()))
        after += SUITEQL_PAGE_ROWS
        more = page["hasMore"][0].as_py()
        if not more or len(waiting) == PAGES_PER_INSERT:
            yield pa.Table.from_batches(waiting).rename_columns(table.schema.names[:-1])
            waiting = []


def _bulk_dicts(folder: Path, rows: int, table: RawTable) -> Iterator[dict[str, Any]]:
    """Rows of the first page."""
    text = StringIO(bulk_file(folder, "all", 0).read_text())
    names = dict(zip(table.types, table.schema.names, strict=True))
    for row, _ in zip(DictReader(text), range(rows), strict=False):
        yield {names[name]: value or None for name, value in row.items()}


def _suiteql_dicts(folder: Path, rows: int, _: RawTable) -> Iterator[dict[str, Any]]:
    """Rows of the first pages."""
    for page in range(rows // SUITEQL_PAGE_ROWS):
        for item in json.loads(suiteql_file(folder, "all", page).read_bytes())["items"]:
            item.pop("links")
            yield item


def _peak_bytes() -> int:
    """Most memory this process ever held. The kernel's `VmHWM`: `ru_maxrss` counts the parent."""
    status = Path("/proc/self/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


STEPS: Final[dict[str, Callable[[], Numbers]]] = {
    "connectors": connectors,
    "bare": bare,
    "row_by_row": row_by_row,
}


def main() -> None:
    """Run one step and print its numbers."""
    imported, began = _peak_bytes(), time.process_time()
    numbers = STEPS[sys.argv[1]]()
    numbers["processor_seconds"] = time.process_time() - began
    print(json.dumps({**numbers, "peak_bytes": _peak_bytes(), "imported_bytes": imported}))  # noqa: T201


if __name__ == "__main__":
    main()
