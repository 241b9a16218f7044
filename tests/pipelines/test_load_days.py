"""Two hundred days of change at the sources: what incremental loads hold equals a full reload."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from org_truth import World, loaded
from test_load_servers import connect

from pipelines.company import build_company
from pipelines.config import paths
from pipelines.load import load
from pipelines.simulators import arm_events as arm
from pipelines.simulators import crm_events as crm
from pipelines.simulators import erp_events as erp
from pipelines.simulators.server import running_servers

pytestmark = pytest.mark.integration

DAYS = 200
FIRST_DAY = datetime(2026, 5, 20, 7, tzinfo=UTC)
# In the account's time zone an hour of this day happens twice, from 08:00 to 10:00 UTC.
LONG_DAY = date(2026, 11, 1)
RELOADED_AFTER = (DAYS // 2, DAYS)
# Up to seven the log and the changed keys tell what vanished; beyond, all keys are compared.
DAYS_BETWEEN_LOADS = (1, 3, 7, 12, 20)
LONGEST_TRANSACTION = 590
OBJECTS = ("Account", "Opportunity", "OrderItem")
TABLES = (
    "transaction",
    "transactionline",
    "transactionaccountingline",
    "revenueelement",
    "revenueplan",
    "revenueplanplannedrevenue",
    "deletedrecord",
)
ONLY = (*OBJECTS, *TABLES)
LINE: dict[str, tuple[str, ...]] = {
    "transactionline": ("transaction", "id"),
    "transactionaccountingline": ("transaction", "transactionline", "accountingbook"),
}


class Days:
    """What people do to the two orgs, drawn from a seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.crm, self.erp = world.crm, world.erp
        self.clock = world.servers.clock
        self.chance = random.Random(seed)
        self.done: set[str] = set()
        self.actions: list[Callable[[], object]] = [
            self.insert, self.insert, self.update, self.update, self.update, self.delete,
            self.delete_for_good, self.restore, self.merge, self.change_header, self.change_line,
            self.change_line, self.remove_line, self.delete_transaction, self.rewrite_plan,
            self.rewrite_plan, self.delete_plan, self.post, self.order, self.amend,
            self.rearrange, self.plan_line, self.summarize,
        ]  # fmt: skip

    def pass_day(self) -> None:
        """Up to four changes, each at its second: neither system keeps finer stamps."""
        seconds = sorted(self.chance.randrange(86_400) for _ in range(self.chance.randint(1, 4)))
        begun = self.clock.now
        for second in seconds:
            self.clock.advance(begun + timedelta(seconds=second) - self.clock.now)
            action = self.chance.choice(self.actions)
            action()
            self.done.add(action.__name__)
        self.clock.advance(begun + timedelta(days=1) - self.clock.now)

    def begin_transactions(self) -> None:
        """Changes stamped before the load that is about to begin, and visible after it."""
        for table, change in (("Account", self.update), ("OrderItem", self.insert)):
            began = self.chance.randint(1, LONGEST_TRANSACTION)
            stamp = self.clock.now - timedelta(seconds=began)
            seconds = self.chance.randint(1, LONGEST_TRANSACTION + 1 - began)
            commit = self.clock.now + timedelta(seconds=seconds)
            self.clock.at(commit, lambda c=change, t=table, s=stamp: c(t, s))  # type: ignore

    def pick(self, records: list[dict[str, Any]]) -> dict[str, Any]:
        return self.chance.choice(records)

    def amount(self) -> Decimal:
        return Decimal(self.chance.randint(1, 10**7)) / 100

    def insert(self, table: str = "", at: datetime | None = None) -> None:
        table = table or self.chance.choice(OBJECTS)
        like = self.pick(crm.living(self.crm, table))
        stamps = dict.fromkeys(crm.STAMPS, at or self.clock.now)
        row = {**like, **stamps, "Id": crm.new_id(self.crm, like["Id"]), "IsDeleted": False}
        self.crm.load(table, [row])

    def update(self, table: str = "", at: datetime | None = None) -> None:
        table = table or self.chance.choice(OBJECTS)
        field = {"Account": "Name", "Opportunity": "Amount", "OrderItem": "TotalPrice"}[table]
        value = f"Renamed {self.chance.random()}" if field == "Name" else self.amount()
        self.crm.update(table, self.pick(crm.living(self.crm, table))["Id"], {field: value}, at)

    def delete(self, *, hard: bool = False) -> None:
        table = self.chance.choice(OBJECTS)
        if len(found := crm.living(self.crm, table)) > 3:
            self.crm.delete(table, self.pick(found)["Id"], hard=hard)

    def delete_for_good(self) -> None:
        self.delete(hard=True)

    def restore(self) -> None:
        table = self.chance.choice(OBJECTS)
        if found := self.crm.records(table, '"IsDeleted"'):
            self.crm.update(table, self.pick(found)["Id"], {"IsDeleted": False})

    def merge(self) -> None:
        if len(found := crm.living(self.crm, "Account")) > 3:
            loser, winner = self.chance.sample(found, 2)
            crm.merge(self.crm, loser["Id"], winner["Id"])

    def change_header(self) -> None:
        row = self.pick(self.erp.records("transaction"))
        self.erp.update("transaction", row["id"], {"memo": f"Memo {self.chance.random()}"})

    def change_line(self) -> None:
        """Its header's stamp stays."""
        table = self.chance.choice(list(LINE))
        row = self.pick(self.erp.records(table))
        column = "netamount" if table == "transactionline" else "amount"
        self.erp.update(table, tuple(row[n] for n in LINE[table]), {column: self.amount()})

    def remove_line(self) -> None:
        row = self.pick(self.erp.records("transactionline"))
        erp.remove_line_of(self.erp, row["transaction"], row["id"])

    def delete_transaction(self) -> None:
        self.erp.delete("transaction", self.pick(self.erp.records("transaction"))["id"])

    def rewrite_plan(self) -> None:
        """The rest of a plan is spread anew: other rows, no stamp but the plan's."""
        plan = self.pick(self.erp.records("revenueplan"))
        rows = self.erp.records("revenueplanplannedrevenue", f"revenueplan = {plan['id']}")
        rest = rows[len(rows) // 2 :]
        for row, other in zip(rest, reversed(rest), strict=True):
            self.erp.remove("revenueplanplannedrevenue", row["id"])
            arm.add(self.erp, "revenueplanplannedrevenue", row, amount=other["amount"])
        self.erp.update("revenueplan", plan["id"], {"statusfordisplay": "INPROGRESS"})

    def plan_line(self) -> None:
        """An amount moves between two rows, and nothing has a stamp for it."""
        first = self.pick(self.erp.records("revenueplanplannedrevenue"))
        of_plan = f"revenueplan = {first['revenueplan']}"
        second = self.pick(self.erp.records("revenueplanplannedrevenue", of_plan))
        if first["id"] != second["id"]:
            moved = self.amount()
            for row, by in ((first, moved), (second, -moved)):
                changed = {"amount": row["amount"] + by}
                self.erp.update("revenueplanplannedrevenue", row["id"], changed)

    def delete_plan(self) -> None:
        self.erp.delete("revenueplan", self.pick(self.erp.records("revenueplan"))["id"])

    def post(self) -> None:
        erp.post_by_hand(self.erp, "", 0)

    def summarize(self) -> None:
        erp.summarize_journal(self.erp, "", 0)

    def order(self) -> None:
        arm.approve_order(self.erp, "", self.chance.randint(1, 40))

    def amend(self) -> None:
        arm.merge_prospectively(self.erp, "", 0)

    def rearrange(self) -> None:
        arm.merge_retrospectively(self.erp, "", 0)


def test_two_hundred_days_of_change_equal_a_full_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_servers(build_company(customers=3, seed=7)) as servers:
        connect(servers, tmp_path / "kept", monkeypatch)
        servers.clock.now = FIRST_DAY
        world, now = World(servers), timedelta()
        world.load(only=ONLY, after=now)
        days = Days(world, seed=200)
        wait = 0
        for day in range(1, DAYS + 1):
            if servers.clock.now.date() == LONG_DAY:
                pass_the_hour_that_comes_twice(world, days)
            days.pass_day()
            wait -= 1
            if wait > 0 and day not in RELOADED_AFTER:
                continue
            wait = days.chance.choice(DAYS_BETWEEN_LOADS)
            days.begin_transactions()
            world.load(only=ONLY, after=now)
            assert world.differences(ONLY) == {}, day
            if day in RELOADED_AFTER:
                incremental = loaded(paths().warehouse, ONLY)
                with monkeypatch.context() as patch:
                    connect(servers, tmp_path / f"anew{day}", patch)
                    load("anew", only=ONLY)
                    assert loaded(paths().warehouse, ONLY) == incremental
        assert days.done == {action.__name__ for action in days.actions}


def pass_the_hour_that_comes_twice(world: World, days: Days) -> None:
    """Loads in both passes, changes around them; a load in between may wait for the hour's end."""
    for minutes in (110, 15, 40):
        world.servers.clock.advance(timedelta(minutes=minutes))
        for _ in range(3):
            days.change_line()
        days.change_header()
        world.load(only=ONLY, after=timedelta(minutes=5))
