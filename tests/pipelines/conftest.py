"""Shared by all tests: where data goes, and the answer-key table at the end of the output."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipelines.config import DATA_DIR_VARIABLE
from pipelines.demo import environment

ANSWER_KEY_LINES = pytest.StashKey[list[str]]()


@contextmanager
def data_folder(folder: Path) -> Iterator[Path]:
    """Work in a data folder of its own for the length of a block."""
    with environment({DATA_DIR_VARIABLE: str(folder)}):
        yield folder


@pytest.fixture(scope="session")
def answer_key_lines(request: pytest.FixtureRequest) -> list[str]:
    """Lines to print at the end of the test run."""
    return request.config.stash.setdefault(ANSWER_KEY_LINES, [])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how the marts did against the answer key."""
    lines = terminalreporter.config.stash.get(ANSWER_KEY_LINES, [])
    if lines:
        terminalreporter.section("answer key")
        for line in lines:
            terminalreporter.write_line(line)
