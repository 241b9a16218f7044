"""Shared by all tests: where data goes, and the answer-key table at the end of the output."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.config import DATA_DIR_VARIABLE
from pipelines.demo import environment

ANSWER_KEY = "answer key"


@contextmanager
def data_folder(folder: Path) -> Iterator[Path]:
    """Work in a data folder of its own for the length of a block."""
    with environment({DATA_DIR_VARIABLE: str(folder)}):
        yield folder


@pytest.fixture
def show_at_the_end(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a line at the end of the test run, whichever process the test runs in."""
    return lambda line: record_property(ANSWER_KEY, line)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest tests first, so that none runs alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("end_to_end") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how the marts did against the answer key."""
    lines = [
        value
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, value in report.user_properties
        if name == ANSWER_KEY
    ]
    if lines:
        terminalreporter.section("answer key")
        for line in lines:
            terminalreporter.write_line(line)
