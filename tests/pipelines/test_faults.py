"""Every transport fault, played by the servers: the load comes out the same, or says why not."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from org_truth import raw_content
from simulator_fixtures import Erp
from test_fault_events import CASES, SILENT
from test_load_servers import connect

from pipelines.config import paths
from pipelines.errors import SourceError
from pipelines.load import load
from pipelines.netsuite import client as netsuite_client
from pipelines.netsuite import suiteql as netsuite_suiteql
from pipelines.salesforce import bulk, results
from pipelines.simulators.fault_kinds import KINDS
from pipelines.simulators.faults import Fault, Scenario
from pipelines.simulators.server import RunningServers, running_servers

pytestmark = pytest.mark.integration

NOW = datetime(2026, 1, 1, 5, tzinfo=UTC)
SALESFORCE = ("Account", "OrderItem")
NETSUITE = ("transactionline", "revenueelement", "revenueplan", "revenueplanplannedrevenue")
Content = dict[str, list[tuple[Any, ...]]]


def stamps(number: int) -> dict[str, datetime]:
    """Two records a second, over years."""
    stamp = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(days=400 * (number // 2))
    return dict.fromkeys(("CreatedDate", "LastModifiedDate", "SystemModstamp"), stamp)


@dataclass(frozen=True)
class TinyCompany:
    now: datetime = NOW
    account_time_zone: str = "America/Los_Angeles"
    salesforce: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            "Account": [
                {"Id": f"001{n}", "IsDeleted": n == 3, "Name": f"Customer {n}", **stamps(n)}
                for n in range(12)
            ],
            "OrderItem": [
                {"Id": f"802{n}", "IsDeleted": False, "TotalPrice": Decimal(n) / 100, **stamps(n)}
                for n in range(12)
            ],
        }
    )
    netsuite: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {
            "transactionline": [
                {"uniquekey": n, "transaction": 8, "id": n, "foreignamount": Decimal(n) / 100,
                 "linelastmodifieddate": NOW - timedelta(days=1)}
                for n in range(1, 13)
            ],
            "revenueelement": [{"id": n, "allocationamount": n,
                                "lastmodifieddate": NOW - timedelta(days=2)} for n in range(1, 6)],
            "revenueplan": [{"id": n, "createdfrom": n, "amount": n, "revenueplantype": "ACTUAL",
                             "lastmodifieddate": NOW - timedelta(days=2)} for n in range(1, 6)],
            "revenueplanplannedrevenue": [{"id": n, "revenueplan": n, "amount": n}
                                          for n in range(1, 6)],
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def servers() -> Iterator[RunningServers]:
    with running_servers(TinyCompany()) as running:
        yield running


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of five rows, and no patience."""
    monkeypatch.setattr(netsuite_client, "PAGE_ROWS", 5)
    monkeypatch.setattr(netsuite_suiteql, "PAGE_ROWS", 5)
    monkeypatch.setattr(bulk, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(results, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0.01")


def play(servers: RunningServers, *faults: Fault) -> Scenario:
    scenario = Scenario(faults)
    servers.salesforce.scenario = servers.netsuite.scenario = scenario
    return scenario


def content() -> Content:
    """Every raw table of both sources, row by row."""
    return raw_content(paths().warehouse)


@pytest.fixture(scope="module")
def undisturbed(
    servers: RunningServers, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Content]:
    """What a load without faults brings, per system."""
    found = {}
    for system, only in (("salesforce", SALESFORCE), ("netsuite", NETSUITE)):
        with pytest.MonkeyPatch.context() as patch:
            connect(servers, tmp_path_factory.mktemp(system), patch)
            load("undisturbed", only=only)
            found[system] = content()
    return found


def pages(object_name: str, value: int = 5) -> Fault:
    return Fault("shrinking_pages", object_name=object_name, value=value)


def sf(name: str, *with_pages_of: str, **when: Any) -> Any:
    return _case("salesforce", name, with_pages_of, when)


def ns(name: str, **when: Any) -> Any:
    return _case("netsuite", name, (), when)


def _case(system: str, name: str, with_pages_of: tuple[str, ...], when: dict[str, Any]) -> Any:
    faults = [*map(pages, with_pages_of)]
    if name != "shrinking_pages":
        faults.append(Fault(name, system, **when))
    label = "-".join([system, name, *with_pages_of, *(f"{k}={v}" for k, v in when.items())])
    return pytest.param(faults, id=label)


@pytest.mark.parametrize(
    "faults",
    [
        sf("token_expired", "Account", object_name="Account"),
        sf("token_expired", "OrderItem", object_name="OrderItem", nth=2),
        sf("server_error", object_name="Account"),
        sf("server_error", object_name="Account", nth=2, value=3),
        sf("unavailable", "Account", object_name="Account", nth=3),
        sf("unavailable", "OrderItem", object_name="OrderItem", nth=5, value=3),
        sf("connection_dropped", "Account", object_name="Account", every=2),
        sf("connection_dropped", "OrderItem", object_name="OrderItem", every=2),
        sf("shrinking_pages", "Account"),
        sf("shrinking_pages", "OrderItem"),
        sf("late_end", "Account", object_name="Account"),
        sf("late_end", object_name="OrderItem"),
        sf("locator_expired", "Account", object_name="Account", nth=2),
        sf("query_timeout", "Account", object_name="Account", value=1500),
        sf("bulk_failed", object_name="OrderItem"),
        sf("bulk_aborted", object_name="OrderItem"),
        sf("bulk_slow", object_name="OrderItem"),
        sf("per_app_limit"),
        sf("null_bytes", object_name="OrderItem"),
        sf("empty_text", "Account", object_name="Account"),
        # The page after the last one: no row, and not even a header.
        pytest.param(
            [Fault("empty_result_file"), Fault("late_end", object_name="OrderItem")],
            id="salesforce-empty_result_file",
        ),
        sf("computed_fields"),
        ns("token_revoked", object_name="transactionline", nth=2),
        ns("busy", object_name="transactionline", nth=2),
        ns("busy", object_name="transactionline", value=3),
        ns("busy_400", object_name="transactionline", nth=2),
        ns("busy_400", object_name="transactionline", value=3),
        ns("unexpected_error", object_name="transactionline", nth=2),
        ns("unstable_order"),
        # The plans are looked for, then read; read again they are as they should be.
        ns("arm_refresh", object_name="revenueplan", nth=2),
        ns("connection_dropped", object_name="transactionline", every=2),
        # A page ends where the account lets no query go on, and nothing says so.
        ns("row_cap", value=5),
    ],
)
def test_load_survives(
    servers: RunningServers,
    undisturbed: dict[str, Content],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    faults: list[Fault],
) -> None:
    system = faults[-1].system
    connect(servers, tmp_path, monkeypatch)
    scenario = play(servers, *faults)
    # Read whole and replaced: nothing on the way to the table takes a doubled row out.
    began = time.monotonic()
    report = load("disturbed", full=True, only=SALESFORCE if system == "salesforce" else NETSUITE)
    if faults[-1].name in ("server_error", "unavailable", "busy", "busy_400"):  # Retry-After
        assert time.monotonic() - began >= (faults[-1].value or 0)
    assert set(scenario.played) == {fault.name for fault in faults}
    assert content() == undisturbed[system]
    assert report.rows_loaded == sum(map(len, undisturbed[system].values()))


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        (
            [pages("Account"), Fault("request_limit", object_name="Account", nth=2)],
            r"source salesforce object Account.*REQUEST_LIMIT_EXCEEDED.*Fix: Wait until",
        ),
        (
            [pages("Account"), Fault("locator_expired", object_name="Account", every=1)],
            r"source salesforce object Account.*INVALID_QUERY_LOCATOR.*Fix: Load again",
        ),
        (
            [Fault("query_timeout", object_name="Account", value=0)],
            r'source salesforce object Account.*QUERY_TIMEOUT.*Fix: .*api="bulk"',
        ),
        (
            [Fault("bulk_failed", object_name="OrderItem", times=2, every=1)],
            r"source salesforce object OrderItem.*ended as Failed: InternalServerError.*Fix: ",
        ),
        (
            [Fault("bulk_aborted", object_name="OrderItem", times=2, every=1)],
            r"source salesforce object OrderItem.*ended as Aborted.*Fix: ",
        ),
        (
            [Fault("version_mismatch", object_name="OrderItem")],
            r"source salesforce object OrderItem.*API_VERSION_MISMATCH.*Fix: .*api_version",
        ),
        (
            [Fault("per_app_limit", value=226)],
            r"source salesforce object .*226 of the app's 250 API requests are used.*Fix: Load ag",
        ),
        (
            [Fault("server_error", object_name="Account", every=1)],
            r"source salesforce object Account.*UNKNOWN_EXCEPTION.*Fix: Load again",
        ),
        (
            [Fault("busy", object_name="transactionline", every=1)],
            r"source netsuite object transactionline.*CONCURRENCY_LIMIT_EXCEEDED.*Fix: Load again",
        ),
        (
            [Fault("table_absent", object_name="transactionline")],
            r"source netsuite object transactionline.*not found.*Fix: .*view permission",
        ),
        # Seen when the load began, gone when it is read: not the same as an absent feature.
        (
            [Fault("table_absent", object_name="revenueplan", nth=2)],
            r"source netsuite object revenueplan.*not found.*Fix: .*view permission",
        ),
        (
            [Fault("unknown_identifier", object_name="revenueplan")],
            r"source netsuite object revenueplan field lastmodifieddate.*Fix: Enable the feature",
        ),
        (
            [Fault("field_hidden", object_name="OrderItem")],
            r"object OrderItem field CurrencyIsoCode.*field-level security.*Fix: ",
        ),
        # Seen when the load began, hidden when it is read.
        (
            [Fault("field_hidden", object_name="Account", nth=2)],
            r"(?s)object Account.*INVALID_FIELD.*CurrencyIsoCode.*Fix: Grant",
        ),
    ],
    ids=lambda value: value[-1].name if isinstance(value, list) else "",
)
def test_load_is_refused_by_name_and_the_next_one_recovers(  # noqa: PLR0913, PLR0917 - fixtures
    servers: RunningServers,
    undisturbed: dict[str, Content],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    faults: list[Fault],
    message: str,
) -> None:
    system = faults[-1].system
    only = SALESFORCE if system == "salesforce" else NETSUITE
    connect(servers, tmp_path, monkeypatch)
    play(servers, *faults)
    with pytest.raises(SourceError, match=message):
        load("refused", only=only)
    assert not any(content().values())
    play(servers)
    load("recovered", only=only)
    assert content() == undisturbed[system]


@pytest.mark.parametrize("full", [False, True])
def test_refused_load_leaves_what_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    with running_servers(TinyCompany()) as servers:
        connect(servers, tmp_path, monkeypatch)
        load("first", only=SALESFORCE)
        before = content()
        servers.clock.advance(timedelta(hours=1))
        for object_name, key in (("Account", "0011"), ("OrderItem", "8021")):
            servers.salesforce.org.update(object_name, key, {"CurrencyIsoCode": "EUR"})
        # The other object is read to its end.
        play(servers, Fault("request_limit", object_name="OrderItem"))
        with pytest.raises(SourceError, match="REQUEST_LIMIT_EXCEEDED"):
            load("refused", only=SALESFORCE, full=full)
        assert content() == before
        play(servers)
        load("recovered", only=SALESFORCE, full=full)
        after = content()
    assert {name: len(rows) for name, rows in after.items()} == dict.fromkeys(before, 12)
    assert all(sum("EUR" in row for row in rows) == 1 for rows in after.values())


def test_optional_table_without_permission_is_skipped_by_name(
    servers: RunningServers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(servers, tmp_path, monkeypatch)
    play(servers, Fault("table_absent", object_name="revenueplan"))
    report = load("without", only=NETSUITE)
    assert [item.object_name for item in report.skipped] == ["revenueplan"]
    assert content()['raw_netsuite."revenueplan"'] == []


def test_each_kind_of_fault_is_tested() -> None:
    tested = {
        (fault.system, fault.name)
        for function in (test_load_survives, test_load_is_refused_by_name_and_the_next_one_recovers)
        for case in function.pytestmark[0].args[1]
        for fault in (case.values[0] if hasattr(case, "values") else case[0])
    }
    tested |= {(fault.system, fault.name) for case in (*CASES, *SILENT) for fault in case}
    assert tested == {(kind.system, kind.name) for kind in KINDS}


def test_order_is_unstable_unless_it_is_unique(servers: RunningServers) -> None:
    play(servers, Fault("unstable_order"))
    erp = Erp(servers)

    def answers(order: str) -> set[str]:
        sql = f"SELECT id FROM transactionline ORDER BY {order}"
        return {json.dumps(erp.items(sql)) for _ in range(5)}

    assert len(answers("transaction")) > 1
    assert len(answers("transaction, id")) == 1


def test_scenario_file_says_what_and_when(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yml"
    file.write_text("""
        seed: 7
        faults:
          - {name: locator_expired, object: Account, nth: 2}
          - {name: connection_dropped, system: netsuite, probability: 0.5, times: 3}
    """)
    first, second = Scenario.read(file).faults
    assert first == Fault("locator_expired", "salesforce", "Account", nth=2)
    assert second == Fault("connection_dropped", "netsuite", probability=0.5, times=3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[{name: flood}]", "flood is not one fault"),
        ("[{name: connection_dropped}]", "connection_dropped is not one fault"),
        ("[{name: busy, nth: 1, every: 2}]", "one of nth, every"),
        ("[{name: busy, nth: 0}]", "start at 1"),
        ("[{name: busy, often: 2}]", "often"),
        ("[busy]", "'busy' is not a fault"),
        ("faults: none", "expected a list"),
        ("[", "neither YAML nor JSON"),
    ],
)
def test_scenario_that_cannot_be_played_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "scenario.yml"
    file.write_text(text)
    with pytest.raises(ValueError, match=reason):
        Scenario.read(file)


PROGRAM = """
import pipelines.company
from tests.pipelines.simulator_fixtures import SmallCompany
pipelines.company.build_company = lambda customers, seed: SmallCompany()
from pipelines.simulators.__main__ import main
main()
"""


def test_command_plays_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps([{"name": "busy", "value": 9}]))
    command = [sys.executable, "-c", PROGRAM, "--stop-with-parent", "--scenario", str(file)]
    with subprocess.Popen(
        command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        card = json.loads(process.stdout.readline())
        reply = ask(card)
        process.communicate(timeout=30)
    assert (reply.status_code, reply.headers["Retry-After"]) == (429, "9")
    file.write_text("[{}]")
    refused = subprocess.run(command, text=True, capture_output=True, check=False)
    assert refused.returncode == 1
    assert "The scenario cannot be played: {}" in refused.stderr


def ask(card: dict[str, Any]) -> requests.Response:
    erp = Erp(RunningServers(card, None, None, None))  # type: ignore[arg-type]
    return erp.run("SELECT 1 FROM DUAL")
