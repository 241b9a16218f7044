"""Revenue arrangements that NetSuite refreshes while they are read."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from test_load_servers import SmallCompany, ask, connect

from pipelines.load import LoadProgress, LoadReport, load
from pipelines.netsuite import arrangements
from pipelines.simulators.org import NetSuiteOrg
from pipelines.simulators.server import RunningServers, running_servers

pytestmark = pytest.mark.integration

STAMP = datetime(2025, 6, 1, 12, tzinfo=UTC)
PARTS = ("revenueelement", "revenueplan", "revenueplanplannedrevenue")


def company() -> SmallCompany:
    """Two elements, each with an ACTUAL plan, its FORECAST twin and two planned rows a plan."""
    plans = [
        {"id": n, "createdfrom": (n + 1) // 2, "amount": 100, "lastmodifieddate": STAMP,
         "revenueplantype": "ACTUAL" if n % 2 else "FORECAST", "revrecstartdate": date(2025, 1, 1)}
        for n in range(1, 5)
    ]  # fmt: skip
    return SmallCompany(
        salesforce={},
        netsuite={
            "revenueelement": [
                {"id": n, "revenuearrangement": 7, "allocationamount": 100,
                 "requiresrevenueplanupdate": "F", "lastmodifieddate": STAMP}
                for n in (1, 2)
            ],
            "revenueplan": plans,
            "revenueplanplannedrevenue": [
                {"id": 10 * plan["id"] + n, "revenueplan": plan["id"], "amount": 50}
                for plan in plans for n in (1, 2)
            ],
        },
    )  # fmt: skip


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServers]:
    monkeypatch.setattr(arrangements, "PAUSE_SECONDS", 0)
    with running_servers(company()) as running:
        connect(running, tmp_path, monkeypatch)
        yield running


def run(**options: Any) -> LoadReport:
    return load("run", only=[*PARTS, "deletedrecord"], **options)


def planned() -> dict[str, Decimal]:
    return dict(ask(
        "select revenueplan, sum(amount) from raw_netsuite.revenueplanplannedrevenue group by all"
    ))  # fmt: skip


def living_plans() -> dict[str, Decimal]:
    return dict(ask("select id, amount from raw_netsuite.revenueplan where not _tieout_is_deleted"))


def replan(erp: NetSuiteOrg) -> None:
    """Rewrite the first element: 300 instead of 100, its plan gone and another in its place."""
    erp.update("revenueelement", 1, {"allocationamount": 300})
    for row in (11, 12):
        erp.remove("revenueplanplannedrevenue", row)
    erp.delete("revenueplan", 1)
    erp.insert("revenueplan", 5, {"createdfrom": 1, "amount": 300, "revenueplantype": "ACTUAL"})
    for row in (51, 52, 53):
        erp.insert("revenueplanplannedrevenue", row, {"revenueplan": 5, "amount": 100})


@pytest.mark.parametrize(
    ("after", "full"), [*((part, False) for part in PARTS), ("revenueplan", True)]
)
def test_refresh_in_the_middle_of_the_reading_is_read_again(
    servers: RunningServers, after: str, full: bool
) -> None:
    run()
    servers.clock.advance(timedelta(hours=5))
    refreshed: list[bool] = []

    def refresh(step: LoadProgress) -> None:
        if step.object_name == after and step.stage == "read" and not refreshed:
            refreshed.append(True)
            servers.clock.advance(timedelta(minutes=1))  # younger than the load's window
            replan(servers.netsuite.org)

    report = run(progress=refresh, full=full)
    assert refreshed
    assert report.notices == ()
    assert planned() == living_plans()  # each plan is the sum of its parts, old or new
    run()
    assert planned() == living_plans() == {"2": 100, "3": 100, "4": 100, "5": 300}
    assert ask("select count(*), count(distinct id) from raw_netsuite.revenueplan") in (
        [(5, 5)],  # the plan that is gone is marked
        [(4, 4)],  # a full refresh in between left it out
    )


@pytest.mark.parametrize(
    ("table", "key", "values", "record"),
    [
        ("revenueelement", 2, {"requiresrevenueplanupdate": "T"}, "element 2"),
        ("revenueelement", 2, {"allocationamount": 120}, "element 2"),
        ("revenueplan", 3, {"amount": 120}, "element 2"),
        ("revenueplanplannedrevenue", 31, {"amount": 70}, "element 2"),
    ],
)
def test_parts_that_go_on_disagreeing_are_reported_and_left_as_they_are(
    servers: RunningServers, table: str, key: int, values: dict[str, Any], record: str
) -> None:
    servers.netsuite.org.update(table, key, values)
    notices = run().notices
    assert notices[0] == (
        f"netsuite revenueelement {record}: its element, plans and planned revenue disagree after "
        "three readings: NetSuite is refreshing the arrangement, or waits for Update Revenue Plans"
    )
    assert ask("select distinct object_name from raw_tieout.notices") == [("revenueelement",)]
    assert [ask(f"select count(*) from raw_netsuite.{part}") for part in PARTS] == [
        [(2,)], [(4,)], [(8,)],
    ]  # fmt: skip


def test_what_was_reported_before_is_not_waited_for(
    servers: RunningServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.netsuite.org.update("revenueplan", 3, {"amount": 120})
    first = run().notices
    pauses: list[float] = []
    monkeypatch.setattr(arrangements.time, "sleep", pauses.append)
    assert run().notices == first
    assert pauses == []
    servers.netsuite.org.update("revenueplan", 3, {"amount": 100})
    assert run().notices == ()


def test_two_parts_alone_are_not_compared(servers: RunningServers) -> None:
    servers.netsuite.org.update("revenueplan", 3, {"amount": 120})
    assert load("run", only=["revenueplan", "revenueelement"]).notices == ()
