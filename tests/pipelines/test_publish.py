import json
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest
from exception_tables import NAMES
from small_warehouse import change_warehouse, make_warehouse, pass_gates

from pipelines import publish as publish_module
from pipelines.config import Paths
from pipelines.errors import GateHeldError, TieoutError
from pipelines.gates import Gate, record_gate
from pipelines.publication import open_published, read_publication
from pipelines.publish import note_attempt, publish


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = make_warehouse(tmp_path / "it's data")
    pass_gates(made)
    return made


def published_tables(paths: Paths) -> set[str]:
    with open_published(paths) as connection:
        return {row[0] for row in connection.execute("show tables").fetchall()}


def files_beside(paths: Paths) -> list[str]:
    return sorted(path.name for path in paths.published.iterdir())


def test_every_core_and_mart_table_is_published_with_its_rows_and_comments(paths: Paths) -> None:
    publish(paths, "run-1", "somewhere")

    assert published_tables(paths) == {
        "dim_accounting_period",
        "dim_contract",
        "dim_contract_line",
        "dim_customer",
        "dim_product",
        "dim_reason",
        "dim_revenue_rule",
        "fct_arr_bridge",
        "fct_billings",
        "fct_bookings",
        "fct_contract_balances",
        "fct_crosswalk_coverage",
        "fct_crosswalk_links",
        "fct_crosswalk_overrides",
        "fct_handoff_latency",
        "fct_ledger_tie",
        "fct_recognized_revenue",
        "fct_reconciliation",
        "fct_reconciliation_reasons",
        "fct_revenue_explanations",
        "fct_revenue_holds",
        "publication_status",
        *NAMES,
    }
    with open_published(paths) as connection:
        assert connection.execute("select count(*) from fct_reconciliation").fetchone() == (6,)
        comments = connection.execute(
            "select comment from duckdb_tables() where table_name = 'fct_reconciliation' "
            "union all select comment from duckdb_columns() where column_name = 'booked_rpt' "
            "and table_name = 'fct_reconciliation'"
        ).fetchall()
    assert comments == [("One line's period.",), ("Money.",)]
    assert files_beside(paths) == ["snapshots", "tieout.duckdb"]


def test_the_snapshot_has_every_table_as_parquet_and_an_exact_manifest(paths: Paths) -> None:
    returned = publish(paths, "run-1", "somewhere")

    folder = paths.snapshots / "run-1"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest == returned
    assert {file.stem for file in folder.glob("*.parquet")} == published_tables(paths)
    assert manifest["control_totals"]["fct_reconciliation.booked_rpt"] == "2850.000"
    assert manifest["control_totals"]["fct_reconciliation.recognized_rpt"] == "1435.010"
    assert manifest["rows"]["fct_reconciliation_reasons"] == 9
    assert manifest["load_ids"] == [{"source": "salesforce", "load_id": "1.1"}]
    assert manifest["as_of"] == "2025-12-31"
    assert len(manifest["configuration_hash"]) == 64


def test_the_file_is_readable_by_duckdb_1_2(paths: Paths) -> None:
    publish(paths, "run-1", "somewhere")

    with open_published(paths) as connection:
        tags = connection.execute(
            "select tags from duckdb_databases() where not internal"
        ).fetchone()
    assert tags is not None
    assert tags[0]["storage_version"].startswith("v1.2.0")


@pytest.mark.parametrize("gate", list(Gate))
def test_a_gate_that_did_not_pass_publishes_nothing(paths: Paths, gate: Gate) -> None:
    record_gate(paths, gate, passed=False)

    with pytest.raises(GateHeldError, match=f"did not pass `tieout {gate}`"):
        publish(paths, "run-1", "somewhere")
    assert not paths.published_file.exists()


def test_a_warehouse_that_changed_after_its_gates_is_not_published(paths: Paths) -> None:
    change_warehouse(paths, "insert into marts.fct_bookings values ('V9', 1, 1)")

    with pytest.raises(GateHeldError, match="has changed"):
        publish(paths, "run-1", "somewhere")


def test_two_tables_of_one_name_are_refused_and_leave_the_last_snapshot(paths: Paths) -> None:
    publish(paths, "run-1", "somewhere")
    change_warehouse(paths, "create table core.fct_bookings as select 1 as a")
    pass_gates(paths)

    with pytest.raises(TieoutError, match="fct_bookings"):
        publish(paths, "run-2", "somewhere")
    with open_published(paths) as connection:
        assert read_publication(connection).run_id == "run-1"


def test_a_crash_before_the_rename_leaves_the_last_snapshot_and_the_next_run_cleans_up(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(paths, "run-1", "somewhere")
    before = paths.published_file.read_bytes()

    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(publish_module, "_close", crash)
        with pytest.raises(KeyboardInterrupt):
            publish(paths, "run-2", "somewhere")
    # What a process killed outright would leave.
    (paths.published / ".tieout.duckdb.99999.partial").write_text("half")
    (paths.published / ".tieout.duckdb.99999.partial.wal").write_text("half")

    assert paths.published_file.read_bytes() == before
    publish(paths, "run-3", "somewhere")
    assert files_beside(paths) == ["snapshots", "tieout.duckdb"]
    assert sorted(path.name for path in paths.snapshots.iterdir()) == ["run-1", "run-3"]


def test_a_reader_with_the_file_open_neither_blocks_a_publication_nor_notices_it(
    paths: Paths,
) -> None:
    publish(paths, "run-1", "somewhere")
    reader = textwrap.dedent("""
        import sys, duckdb
        connection = duckdb.connect(sys.argv[1], read_only=True)
        ask = lambda: connection.execute("select run_id from publication_status").fetchone()[0]
        print(ask(), flush=True)
        sys.stdin.readline()
        print(ask(), flush=True)
    """)
    with subprocess.Popen(
        [sys.executable, "-c", reader, str(paths.published_file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "run-1\n"
        publish(paths, "run-2", "somewhere")
        note_attempt(paths, "run-3", "held", "why")
        rest, _ = process.communicate("\n")

    assert rest == "run-1\n"
    with open_published(paths) as connection:
        assert read_publication(connection).run_id == "run-2"


def test_a_later_attempt_changes_the_status_row_and_nothing_else(paths: Paths) -> None:
    publish(paths, "run-1", "somewhere")

    note_attempt(paths, "run-2", "held", "A test failed")

    with open_published(paths) as connection:
        publication = read_publication(connection)
        rows = connection.execute("select sum(booked_rpt) from fct_reconciliation").fetchone()
    assert publication.run_id == "run-1"
    assert publication.last_attempt_run_id == "run-2"
    assert publication.last_attempt_status == "held"
    assert publication.last_attempt_reason == "A test failed"
    assert rows is not None
    assert str(rows[0]) == "5700.000"
    assert files_beside(paths) == ["snapshots", "tieout.duckdb"]


def test_an_attempt_before_the_first_publication_creates_nothing(paths: Paths) -> None:
    note_attempt(paths, "run-1", "failed", "No connection")

    assert not paths.published.exists()


def test_leftovers_of_dbt_are_not_published(paths: Paths) -> None:
    change_warehouse(paths, "create table marts.fct_bookings__dbt_backup as select 1 as a")
    pass_gates(paths)

    publish(paths, "run-1", "somewhere")

    assert "fct_bookings__dbt_backup" not in published_tables(paths)


def test_the_warehouse_is_only_read(paths: Paths) -> None:
    before = paths.warehouse.read_bytes()

    publish(paths, "run-1", "somewhere")

    assert paths.warehouse.read_bytes() == before
    with duckdb.connect(paths.warehouse) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
