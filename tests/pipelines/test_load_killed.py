"""A load killed at fifty random points, and started again, ends as if nothing had happened."""

import itertools
import multiprocessing
import os
import random
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
import pytest
from org_truth import Rows, loaded, raw_content, truth

from pipelines.company import build_company
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT
from pipelines.demo import settings_of_card
from pipelines.load import load
from pipelines.salesforce import bulk
from pipelines.simulators.arm_events import change_planned
from pipelines.simulators.crm_events import living
from pipelines.simulators.erp_events import remove_line
from pipelines.simulators.server import RunningServers, running_servers

pytestmark = pytest.mark.integration

KILLS = 50
KILLS_IN_A_ROW = 5
LONGEST_DELAY = 0.02
TABLES = (
    "OrderItem",
    "transaction",
    "transactionline",
    "revenueplanplannedrevenue",
    "deletedrecord",
)
# What a load does to the world: requests, files, statements. Each is a point to be killed at.
STEPS = {"http.client.send", "open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "test.sql"}
# Forks of a process that has imported everything and has no threads: a start costs next to nothing.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(
    [
        "pipelines.load.stage",
        "dlt.destinations.impl.duckdb.duck",
        "dlt.destinations.impl.duckdb.factory",
        "dlt.normalize.items_normalizers",
        "dlt._workspace._plugins",
        "dlt.common.libs.pyarrow",
        "pyarrow.parquet",
        "sqlalchemy",
    ]
)


class Statements:
    """A DuckDB connection each use of which is a step."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        sys.audit("test.sql")
        found = getattr(self._connection, name)
        return (lambda: Statements(found())) if name in ("cursor", "duplicate") else found

    def __enter__(self) -> "Statements":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def work(settings: dict[str, str], kill_at: int, delay: float, steps: Path) -> None:
    """Load, in a process of its own that dies `delay` seconds after a step."""
    os.environ.update(settings)
    bulk.FIRST_WAIT_SECONDS = 0.01  # type: ignore[misc]
    connect = duckdb.connect
    duckdb.connect = lambda *a, **o: Statements(connect(*a, **o))  # type: ignore
    numbers = itertools.count(1)

    def watch(event: str, _: object) -> None:
        if event in STEPS and next(numbers) == kill_at:
            if not delay:
                os.kill(os.getpid(), signal.SIGKILL)
            Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()

    sys.addaudithook(watch)
    load("killed", only=TABLES)
    steps.write_text(str(next(numbers)))


class Loader:
    """Loads in processes that can be killed."""

    def __init__(self, servers: RunningServers, folder: Path) -> None:
        self.settings = {**settings_of_card(servers.card), "DLT_PROJECT_DIR": str(PROJECT_ROOT)}
        self.steps = folder / "steps"
        self.folder = folder
        self._numbers = itertools.count()

    def copy(self, start: Path | None) -> Path:
        """A data folder of its own, empty or like another one."""
        made = self.folder / f"data{next(self._numbers)}"
        if start:
            shutil.copytree(start, made)
        else:
            made.mkdir()
        return made

    def load(self, data: Path, kill_at: int = 0, delay: float = 0) -> bool:
        """Whether the load came to its end."""
        settings = {**self.settings, DATA_DIR_VARIABLE: str(data)}
        process = PROCESSES.Process(target=work, args=(settings, kill_at, delay, self.steps))
        process.start()
        process.join()
        assert process.exitcode in (0, -signal.SIGKILL)
        return process.exitcode == 0


@pytest.fixture(scope="module")
def servers() -> Iterator[RunningServers]:
    with running_servers(build_company(customers=3, seed=7)) as running:
        yield running


def change(servers: RunningServers) -> None:
    """A day in which something of every sort happens."""
    servers.clock.advance(timedelta(hours=3))
    crm, erp = servers.salesforce.org, servers.netsuite.org
    first, second, third, *_ = living(crm, "OrderItem")
    crm.delete("OrderItem", first["Id"], hard=True)
    crm.delete("OrderItem", second["Id"])
    crm.update("OrderItem", third["Id"], {"CurrencyIsoCode": "CHF"})
    remove_line(erp, "transactionline", 0)
    change_planned(erp, "revenueplanplannedrevenue", 0)
    erp.delete("transaction", erp.records("transaction")[-1]["id"])
    erp.update("transaction", erp.records("transaction")[1]["id"], {"memo": "changed"})


def warehouse(data: Path) -> Path:
    return data / "warehouse.duckdb"


def test_a_load_killed_anywhere_is_made_good_by_the_next(
    servers: RunningServers, tmp_path: Path
) -> None:
    loader = Loader(servers, tmp_path)
    loaded_before = loader.copy(None)
    assert loader.load(loaded_before)
    change(servers)
    # From an empty warehouse, and from one that has all but the last day.
    starts = (None, loaded_before)
    steps: list[int] = []
    expected: list[dict[str, Rows]] = []
    for start in starts:
        undisturbed = loader.copy(start)
        assert loader.load(undisturbed)
        steps.append(int(loader.steps.read_text()))
        expected.append(raw_content(warehouse(undisturbed)))
        assert loaded(warehouse(undisturbed), TABLES) == truth(servers, TABLES)
    chance = random.Random(50)
    kills = 0
    for way in itertools.cycle((0, 1)):
        data = loader.copy(starts[way])
        for _ in range(KILLS_IN_A_ROW):
            delay = chance.choice((0, chance.uniform(0, LONGEST_DELAY)))
            if loader.load(data, chance.randint(1, steps[way]), delay):
                break
            kills += 1
        else:
            assert loader.load(data)
        assert raw_content(warehouse(data)) == expected[way]
        if kills >= KILLS:
            return
