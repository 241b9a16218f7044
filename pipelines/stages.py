"""What a run did, stage by stage, and whose time it was.

The split is of wall-clock seconds: time inside a library call or waiting for a tool's process
counts for the tool, all other time for tieout. Where calls of a library cannot be told apart
from ours (reading the sources) the time counts as ours.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from time import perf_counter
from typing import Any


class Outcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    FAILED = "failed"
    HELD = "held"

    @property
    def exit_code(self) -> int:
        """0 published, 1 failed, 2 a gate held the publication."""
        return {Outcome.PUBLISHED: 0, Outcome.FAILED: 1, Outcome.HELD: 2}[self]


class Stopwatch:
    """Measures one stage and the part of it spent in libraries and tools."""

    def __init__(self) -> None:
        self._started = perf_counter()
        self.tool_seconds = 0.0

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the stage began."""
        return perf_counter() - self._started

    @contextmanager
    def in_tool(self) -> Iterator[None]:
        """Count the time inside the block as the tool's."""
        began = perf_counter()
        try:
            yield
        finally:
            self.tool_seconds += perf_counter() - began


@dataclass(frozen=True)
class Stage:
    """One finished stage.

    Attributes:
        name: load, build, check, publish or report.
        seconds: wall clock.
        tools: the libraries and processes that did the work.
        tool_seconds: wall clock spent in them.
        did: what came out, one short phrase.
    """

    name: str
    seconds: float
    tools: str
    tool_seconds: float
    did: str

    @property
    def own_seconds(self) -> float:
        """Wall clock of tieout's own code."""
        return max(self.seconds - self.tool_seconds, 0.0)


@dataclass
class RunSummary:
    """A run from beginning to end, as `--json` prints it."""

    run_id: str
    origin: str
    outcome: Outcome = Outcome.FAILED
    stages: list[Stage] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    published_file: str | None = None
    snapshot: str | None = None
    figures: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The summary with plain values only; amounts are decimal strings."""
        return {
            **asdict(self),
            "outcome": self.outcome.value,
            "exit_code": self.outcome.exit_code,
            "stages": [
                {
                    **asdict(stage),
                    "seconds": round(stage.seconds, 3),
                    "tool_seconds": round(stage.tool_seconds, 3),
                    "own_seconds": round(stage.own_seconds, 3),
                }
                for stage in self.stages
            ],
        }


def new_run_id() -> str:
    """An id that sorts by time: `20260101T050000Z-3f9a`."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
