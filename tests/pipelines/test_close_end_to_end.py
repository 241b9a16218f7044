"""A period is closed, facts arrive late, and everything that was said can be said again."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import data_folder

from pipelines.build import run_dbt
from pipelines.close import register
from pipelines.close.command import check_period, close_period
from pipelines.close.diff import read_diff
from pipelines.close.known import read_known
from pipelines.close.replay import BUILD, replay_close
from pipelines.close.verify import verify_close
from pipelines.company import build_company
from pipelines.config import Paths, paths
from pipelines.demo import environment, settings_of_card
from pipelines.errors import TieoutError
from pipelines.gates import Gate, record_gate
from pipelines.load import load
from pipelines.publication import open_published, rows_of
from pipelines.publish import publish
from pipelines.simulators.server import running_servers

pytestmark = pytest.mark.end_to_end

PERIOD = "Dec 2025"
ORIGIN = "configured sources"
# A line both systems agree on, in service long after the period.
AGREED = """
    select lines.crm_record_id, contracts.contract_number
    from dim_contract_line as lines
    inner join dim_contract as contracts on lines.contract_id = contracts.contract_id
    inner join fct_reconciliation as reconciled
        on lines.contract_line_id = reconciled.contract_line_id and reconciled.is_reporting_period
    where
        reconciled.tie_out_status = 'explained'
        and lines.recognition_pattern like 'ratable%'
        and lines.crm_record_id = reconciled.crm_record_id
        and lines.erp_record_id is not null
        and lines.starts_on < date '2025-10-01'
        and lines.ends_on between date '2026-02-01' and date '2026-11-30'
        and reconciled.booked_txn > 1000
        and not exists (
            select 1 from dim_contract_line as others
            where
                others.contract_id = lines.contract_id
                and others.contract_line_version_id != lines.contract_line_version_id
                and others.version_no > 1
        )
    order by contracts.contract_number, lines.crm_record_id
    limit 1
"""
SUMS = """
    select sum(booked_rpt), sum(recognized_rpt), sum(difference_rpt)
    from fct_reconciliation where period_name = 'Dec 2025'
"""


class Late:
    """What the test knows of the story.

    Attributes:
        contract: number of the contract whose line changed.
        record: the order product.
        old_end: its last day of service when the period was closed.
        new_end: what the CRM says since.
        closed_sums: booked, recognized, difference as closed.
    """

    contract: str
    record: str
    old_end: date
    new_end: date
    closed_sums: tuple[Decimal, ...]


def make(run_id: str, *, full: bool = False) -> None:
    """Load, build without the tests of the models, publish."""
    load(run_id, full=full)
    register.copy_to_warehouse(paths(), ORIGIN)
    run_dbt(paths(), [*BUILD, *(["--full-refresh"] if full else [])], lambda _text: None)
    record_gate(paths(), Gate.BUILD, passed=True)
    record_gate(paths(), Gate.CHECK, passed=True)
    publish(paths(), run_id, ORIGIN)


def ask(query: str) -> list[dict[str, Any]]:
    with open_published() as connection:
        return rows_of(connection, query)


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Late]:
    """December is closed in spite of blockers; on 3 January a line's end moves by a year."""
    company = build_company(customers=40, seed=5)
    story = Late()
    with (
        data_folder(tmp_path_factory.mktemp("close")),
        running_servers(company) as servers,
        environment(settings_of_card(servers.card)),
    ):
        make("run-1")
        close_period(paths(), PERIOD, "Ana Lima", reason="Board meeting", force=True)
        story.closed_sums = tuple(ask(SUMS)[0].values())

        found = ask(AGREED)[0]
        story.contract, story.record = found["contract_number"], found["crm_record_id"]
        item = servers.salesforce.org.records("OrderItem", f"\"Id\" = '{story.record}'")[0]
        story.old_end = item["EndDate"]
        story.new_end = story.old_end + timedelta(days=365)
        servers.clock.advance(timedelta(days=3))
        servers.salesforce.org.update("OrderItem", story.record, {"EndDate": story.new_end})
        servers.clock.advance(timedelta(hours=1))
        make("run-2", full=True)
        yield story


def test_the_diff_leads_from_the_closed_numbers_to_those_of_today_to_the_cent(late: Late) -> None:
    diff = read_diff(paths(), PERIOD)
    totals = {row["measure"]: row for row in diff.totals}

    assert all(row["closed_rpt"] + row["change_rpt"] == row["today_rpt"] for row in diff.totals)
    booked, recognized = totals.pop("booked"), totals.pop("recognized")
    assert (booked["closed_rpt"], recognized["closed_rpt"]) == late.closed_sums[:2]
    assert (booked["today_rpt"], recognized["today_rpt"]) == tuple(ask(SUMS)[0].values())[:2]
    changes = sum((row["change_rpt"] for row in totals.values()), Decimal(0))
    assert changes == booked["change_rpt"] - recognized["change_rpt"]
    # The line runs longer, so less of it is earned; the ERP recognized as before.
    assert totals["not_yet_delivered"]["change_rpt"] > 0
    assert totals["date_shift"]["change_rpt"] == -totals["not_yet_delivered"]["change_rpt"]
    assert {row["contract_number"] for row in diff.contracts} == {late.contract}
    assert all(row["closed_txn"] + row["change_txn"] == row["today_txn"] for row in diff.contracts)


def test_the_diff_names_the_record_the_field_and_both_values(late: Late) -> None:
    assert read_diff(paths(), PERIOD).records == [
        {
            "contract_number": late.contract,
            "contract_id": ask(
                f"select contract_id from dim_contract where contract_number = '{late.contract}'"
            )[0]["contract_id"],
            "system": "crm",
            "record_type": "order product",
            "record_id": late.record,
            "what": "changed",
            "field": "ends_on",
            "closed_value": str(late.old_end),
            "today_value": str(late.new_end),
        }
    ]


def test_each_day_is_answered_with_what_was_known_on_it(late: Late) -> None:
    (before,) = read_known(paths(), late.contract, PERIOD, "2026-01-02")
    (after,) = read_known(paths(), late.contract, PERIOD, "2026-01-04")

    ends = [
        {row["ends_on"] for row in known.lines if row["record_id"] == late.record}
        for known in (before, after)
    ]
    assert ends == [{late.old_end}, {late.new_end}]
    assert before.revenue == after.revenue
    assert before.run is not None
    assert after.run is not None
    assert (before.run["run_id"], after.run["run_id"]) == ("run-1", "run-2")
    amounts = [{row["measure"]: row["amount_txn"] for row in k.amounts} for k in (before, after)]
    assert amounts[0]["booked"] == amounts[1]["booked"]
    assert amounts[0]["recognized"] == amounts[1]["recognized"]
    assert amounts[0]["not_yet_delivered"] < amounts[1]["not_yet_delivered"]
    assert "date_shift" not in amounts[0]
    with pytest.raises(TieoutError, match="Nothing had been loaded by 2025-12-30"):
        read_known(paths(), late.contract, PERIOD, "2025-12-30")


def test_the_close_outlives_a_full_refresh_and_the_next_period_waits_for_its_end(
    late: Late,
) -> None:
    (row,) = ask("select * from fct_close_periods")
    (entry,) = [close.entry for close in register.read_register(paths())]
    sums = (row["booked_rpt"], row["recognized_rpt"], row["difference_rpt"])

    assert sums == late.closed_sums
    assert row["closed_by"] == "Ana Lima"
    assert row["manifest_sha256"] == entry["manifest_sha256"]
    assert row["blockers_overridden"] == entry["blockers_overridden"] > 0
    assert ask("select * from fct_close_readiness") == []
    with pytest.raises(TieoutError, match=r"Ana Lima.*" + row["close_id"]):
        check_period(paths(), PERIOD)
    assert verify_close(paths(), PERIOD).problems == ()


def test_a_replay_gives_every_row_of_the_close_again(late: Late) -> None:
    assert late.closed_sums
    replay = replay_close(paths(), PERIOD, lambda _text: None)

    assert [table for table in replay.tables if not table.equal] == []
    assert replay.notes == ()
    rows = {table.table: table.rows for table in replay.tables}
    assert rows["fct_reconciliation"] > 1000
    assert rows["fct_reconciliation_reasons"] > 1000
    assert not list(paths().data.glob(".replay-*"))
    json.dumps(replay.as_json())


def test_the_inputs_are_the_raw_layer_as_it_was(late: Late) -> None:
    close = register.read_register(Paths(paths().data))[0]
    file: Path = paths().closes / close.folder / "inputs" / "raw_salesforce.order_item.parquet"

    with duckdb.connect() as connection:
        found = connection.execute(
            f"select end_date from '{file}' where id = '{late.record}'"
        ).fetchone()
    assert found == (late.old_end,)
