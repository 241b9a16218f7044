"""`tieout run` on the embedded company, as a person runs it."""

import json
import subprocess
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import data_folder
from starlette.responses import Response

from pipelines.company import build_company
from pipelines.config import PROJECT_ROOT, paths
from pipelines.demo import environment, settings_of_card
from pipelines.simulators.server import RunningServers, running_servers
from pipelines.simulators.web import Call, Handler

pytestmark = pytest.mark.end_to_end

CUSTOMERS = 80


def tieout(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person runs it; the environment names the data folder."""
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *arguments],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_demo_run_publishes_and_a_second_one_loads_only_changes(tmp_path: Path) -> None:
    with data_folder(tmp_path):
        command = ["run", "--demo", "--customers", str(CUSTOMERS), "--seed", "7", "--json"]
        first = tieout(*command)
        assert first.returncode == 0, first.stderr
        reader = duckdb.connect(paths().published_file, read_only=True)
        booked = "select sum(booked_rpt) from fct_reconciliation where is_reporting_period"
        before = reader.execute(booked).fetchone()

        second = tieout(*command)
        assert second.returncode == 0, second.stderr
        assert reader.execute(booked).fetchone() == before
        reader.close()

        figures = [json.loads(run.stdout)["figures"] for run in (first, second)]
        run_ids = [figure.pop("run_id") for figure in figures]
        assert figures[0] == figures[1]
        with duckdb.connect(paths().published_file, read_only=True) as reopened:
            assert reopened.execute("select run_id from publication_status").fetchone() == (
                run_ids[1],
            )
        loaded = [json.loads(run.stdout)["stages"][0]["did"] for run in (first, second)]
        rows = [int(did.split(" ")[0].replace(",", "")) for did in loaded]
        assert rows[1] < rows[0]

        contract = tieout("explain", figures[0]["top_contracts"][0]["contract_number"])
        assert contract.returncode == 0, contract.stderr
        assert "booked" in contract.stdout
        assert "recognized" in contract.stdout


def garble(servers: RunningServers, amount: str) -> None:
    """From now on the CRM writes a word where it should write this amount."""
    plain = servers.salesforce.answer

    def answer(call: Call, handler: Handler) -> Response:
        response = plain(call, handler)
        response.body = bytes(response.body).replace(amount.encode(), b'"twelve"')
        response.headers["content-length"] = str(len(response.body))
        return response

    servers.salesforce.answer = answer  # type: ignore[method-assign] # a fault of the test's own


def test_a_bad_record_holds_the_gate_and_the_last_snapshot_stands(tmp_path: Path) -> None:
    company = build_company(customers=60, seed=3)
    with (
        data_folder(tmp_path),
        running_servers(company) as servers,
        environment(settings_of_card(servers.card)),
    ):
        published = tieout("run", "--json")
        assert published.returncode == 0, published.stderr
        snapshot = json.loads(published.stdout)["run_id"]

        servers.clock.advance(timedelta(hours=6))
        opportunity = str(company.salesforce["Opportunity"][0]["Id"])
        servers.salesforce.org.update("Opportunity", opportunity, {"Amount": Decimal("7777.77")})
        garble(servers, "7777.77")
        servers.clock.advance(timedelta(hours=6))
        held = tieout("run", "--json")

        assert held.returncode == 2, held.stderr
        assert opportunity in held.stderr
        with duckdb.connect(paths().published_file, read_only=True) as reader:
            row = reader.execute(
                "select run_id, last_attempt_status, last_attempt_reason from publication_status"
            ).fetchone()
        assert row is not None
        assert row[:2] == (snapshot, "held")
        assert opportunity in row[2]
