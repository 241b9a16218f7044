"""The benchmark of the load measures what it says: figures themselves are never asserted."""

import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks import steps
from benchmarks.load import Run, judge, settings
from benchmarks.pages import SOBJECT, TABLE, changed_rows, render
from benchmarks.server import PageServer
from pipelines.config import DATA_DIR_VARIABLE, paths
from pipelines.demo import environment
from pipelines.load.resource import raw_name

ROWS = 2_500


@pytest.fixture
def served(tmp_path: Path) -> Iterator[None]:
    render(tmp_path / "pages", ROWS)
    server = PageServer(tmp_path / "pages", ROWS)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    (tmp_path / "data").mkdir()
    given = settings(address, tmp_path / "pages", 1_000)
    with environment({**given, DATA_DIR_VARIABLE: str(tmp_path / "data")}):
        yield
    server.shutdown()
    server.server_close()


def ask(sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(paths().warehouse)) as connection:
        connection.execute(f"attach '{paths().data / 'bare.duckdb'}' as bare (read_only)")
        return connection.execute(sql).fetchall()


@pytest.mark.integration
def test_connectors_load_what_a_bare_read_of_the_same_bytes_does(served: None) -> None:
    assert steps.bare()["rows"] == 2 * ROWS
    assert steps.connectors()["rows"] == 2 * ROWS
    tables = {
        "raw_salesforce.opportunity_line_item": (SOBJECT.name, SOBJECT.all_fields),
        "raw_netsuite.transactionline": (TABLE.name, TABLE.columns),
    }
    for raw, (name, fields) in tables.items():
        columns = ", ".join(f'"{raw_name(field)}"' for field in fields)
        read = f"select {columns} from bare.main.{name}"
        loaded = f"select {columns} from {raw}"
        assert ask(f"({read} except all {loaded}) union all ({loaded} except all {read})") == []
    assert steps.connectors()["rows"] == 2 * changed_rows(ROWS)
    for raw in tables:
        assert ask(f"select count(*), count(distinct _dlt_load_id) from {raw}") == [(ROWS, 2)]


def test_a_figure_beyond_its_budget_is_missed() -> None:
    run = Run(
        bare={"seconds": 10.0},
        full={"seconds": 19.0, "rows": 1_000, "peak_bytes": 2.0**30, "connector_seconds": 10.0},
        changes={"peak_bytes": 2.0**29, "connector_seconds": 0.5},
        bare_again={"seconds": 10.0},
        row_by_row={"seconds": 19.0, "rows": 40},
    )
    assert [verdict.met for verdict in judge([run])] == [True] * 4
    worse = Run(
        bare={"seconds": 9.0},
        full={"seconds": 19.0, "rows": 1_000, "peak_bytes": 2.0**30, "connector_seconds": 10.0},
        changes={"peak_bytes": 2.0**30 + 1, "connector_seconds": 0.6},
        bare_again={"seconds": 9.0},
        row_by_row={"seconds": 19.0, "rows": 60},
    )
    assert [verdict.met for verdict in judge([worse])] == [False] * 4
    assert [verdict.met for verdict in judge([run, worse, run])] == [True, False, True, True]
