"""Records change while a load reads them: the next load has it right, whatever happened."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from org_truth import World, loaded, truth
from test_load_servers import connect

from pipelines.company import build_company
from pipelines.config import paths
from pipelines.netsuite import client as netsuite_client
from pipelines.netsuite import suiteql
from pipelines.salesforce import bulk
from pipelines.salesforce.objects import OBJECTS
from pipelines.simulators.crm_events import AWKWARD_TEXT, living
from pipelines.simulators.faults import Fault, Scenario
from pipelines.simulators.server import running_servers

pytestmark = pytest.mark.integration

SALESFORCE = ("Account", "Opportunity", "OrderItem")
NETSUITE = (
    "accountingbook",
    "customer",
    "transaction",
    "transactionline",
    "transactionaccountingline",
    "revenueelement",
    "revenueplan",
    "revenueplanplannedrevenue",
    "deletedrecord",
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with (
        pytest.MonkeyPatch.context() as patch,
        running_servers(build_company(customers=3, seed=7)) as servers,
    ):
        for module in (netsuite_client, suiteql):
            patch.setattr(module, "PAGE_ROWS", 250)
        connect(servers, tmp_path_factory.mktemp("data"), patch)
        made = World(servers)
        made.load(only=(*SALESFORCE, *NETSUITE))
        assert made.differences((*SALESFORCE, *NETSUITE)) == {}
        yield made


def on(object_name: str, name: str, **when: Any) -> Fault:
    return Fault(name, object_name=object_name, **when)


# Those of one case happen to different records during the same load.
CASES = [
    [on("Account", "late_commit"), on("OrderItem", "late_commit", value=599),
     on("Opportunity", "soft_delete")],
    [on("Account", "awkward_text"), on("OrderItem", "awkward_text"),
     on("Opportunity", "hard_delete")],
    [Fault("merged_account"), on("OrderItem", "soft_delete")],
    [on("OrderItem", "hard_delete"), Fault("deleted_log_purged")],
    [on("Opportunity", "tied_stamps"), on("Opportunity", "shrinking_pages", value=4)],
    [Fault("line_removed", nth=2), Fault("plan_line_changed"), Fault("short_id")],
    [on("transaction", "record_deleted"), Fault("forecast_twin")],
    [on("revenueplan", "record_deleted"), Fault("manual_journal")],
    [Fault("second_book")],
    [Fault("summary_journal"), Fault("posted_late")],
    [Fault("prospective_merge"), Fault("arrangement_lag")],
    [Fault("retrospective_merge"), Fault("line_removed")],
]  # fmt: skip
SILENT = [
    [on("Account", "silent_change")],
    [on("transactionaccountingline", "stamp_missing")],
]


def names(faults: list[Fault]) -> str:
    return "-".join(fault.name for fault in faults)


def tables(faults: list[Fault]) -> tuple[str, ...]:
    return SALESFORCE if faults[0].system == "salesforce" else NETSUITE


@pytest.mark.parametrize("faults", CASES, ids=names)
def test_the_next_load_has_what_happened_during_the_last(world: World, faults: list[Fault]) -> None:
    only = tables(faults)
    before = truth(world.servers, only)
    played = world.load(*faults, only=only).played
    assert truth(world.servers, only) != before
    lasting = [fault for fault in faults if fault.kind.lasting]
    played += world.load(*lasting, only=only).played
    assert set(played) == {fault.name for fault in faults}
    assert world.differences(only) == {}


@pytest.mark.parametrize("faults", SILENT, ids=names)
def test_what_moves_no_stamp_comes_with_a_full_load(world: World, faults: list[Fault]) -> None:
    only = tuple(fault.object_name for fault in faults)
    world.load(*faults, only=only)
    world.load(only=only)
    assert len(world.differences(only)) == 1
    world.load(only=only, full=True)
    assert world.differences(only) == {}
    # A row without a stamp stays in the next ordinary load.
    world.load(only=only)
    assert world.differences(only) == {}


def test_what_is_committed_later_than_the_overlap_comes_when_all_keys_are_compared(
    world: World,
) -> None:
    late = ("Account", "OrderItem")
    just_before = world.servers.clock.now + timedelta(hours=3)
    for name in late:
        world.crm.update(name, living(world.crm, name)[0]["Id"], {}, just_before)
    world.load(*(on(name, "late_commit", value=7_200) for name in late), only=SALESFORCE)
    world.load(only=SALESFORCE)
    assert set(world.differences(SALESFORCE)) == set(late)
    world.load(only=SALESFORCE, after=timedelta(days=8))
    assert world.differences(SALESFORCE) == {}


def test_text_arrives_with_its_line_breaks_quotes_and_tabs(world: World) -> None:
    world.load(on("Account", "awkward_text"), on("OrderItem", "awkward_text"), only=SALESFORCE)
    world.load(only=SALESFORCE)
    found = loaded(paths().warehouse, SALESFORCE)
    assert all(
        sum(AWKWARD_TEXT in row for row in found[name]) >= 1 for name in ("Account", "OrderItem")
    )


def test_no_formula_is_loaded() -> None:
    """Formulas of CPQ change without a stamp: the models compute them from stored fields."""
    formulas = {
        "EffectiveQuantity", "NetTotal", "CustomerTotal", "PartnerTotal", "RegularTotal",
        "ListTotal", "TotalDiscountAmount", "TotalDiscountRate", "PackageTotal", "PackageCost",
        "PackageListTotal", "AdditionalDiscount", "Markup", "ProductCode", "ProductName",
        "ProductFamily", "EffectiveStartDate", "EffectiveEndDate", "EffectiveSubscriptionTerm",
    }  # fmt: skip
    lines = next(sobject for sobject in OBJECTS if sobject.name == "SBQQ__QuoteLine__c")
    assert not formulas & {name.removeprefix("SBQQ__").removesuffix("__c") for name in lines.fields}


@pytest.mark.parametrize("seed", [1, 2])
def test_load_survives_faults_at_random(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    assert Scenario.draw(seed).faults == Scenario.draw(seed).faults
    monkeypatch.setattr(bulk, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0.01")
    only = (*SALESFORCE, *NETSUITE)
    with running_servers(build_company(customers=3, seed=seed)) as servers:
        connect(servers, tmp_path, monkeypatch)
        world = World(servers)
        played = world.load(*Scenario.draw(seed).faults, only=only).played
        assert len(played) > 4
        world.load(only=only)
        assert world.differences(only) == {}
