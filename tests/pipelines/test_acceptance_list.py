"""The acceptance list of docs/sources.md is whole, and each test it names is there."""

import re
from itertools import chain
from pathlib import Path

import pytest

from pipelines.config import PROJECT_ROOT
from pipelines.simulators.fault_kinds import KINDS

ROWS = {"salesforce": 26, "netsuite": 28}
_NAME = re.compile(r"`(\w+)`")


def acceptance(system: str) -> list[list[str]]:
    """Cells of the system's table: fault, played by, test, outcome."""
    text = (PROJECT_ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    listed = text.partition("## Acceptance list")[2].lower()
    table = listed.partition(f"| {system} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]]


@pytest.mark.parametrize("system", ROWS)
def test_every_kind_of_fault_is_on_the_list(system: str) -> None:
    rows = acceptance(system)
    assert len(rows) == ROWS[system]
    played = set(chain.from_iterable(_NAME.findall(row[1]) for row in rows))
    assert played == {kind.name for kind in KINDS if kind.system == system}
    assert all(row[1].startswith(("always", "`")) for row in rows)


@pytest.mark.parametrize("system", ROWS)
def test_every_fault_has_a_test_and_an_outcome(system: str) -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in _test_files())
    for fault, _, named, outcome in acceptance(system):
        names = _NAME.findall(named)
        assert names, fault
        for name in names:
            assert re.search(rf"\b(def|name:) {name}\b", tests) or _is_dbt_file(name), name
        assert outcome.startswith(("survived", "refused", "optional: skipped by name")), fault


def _test_files() -> list[Path]:
    own = (PROJECT_ROOT / "tests").rglob("*.py")
    return [*own, *(PROJECT_ROOT / "models").rglob("*.yml")]


def _is_dbt_file(name: str) -> bool:
    return any((PROJECT_ROOT / "tests").rglob(f"{name}.sql"))
