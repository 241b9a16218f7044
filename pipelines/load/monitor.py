"""Counts and rejects of one source's load, collected from dlt's worker threads."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pipelines.load.convert import Converted, Reject
from pipelines.load.report import LoadProgress, Stage


@dataclass
class Tally:
    """What one object yielded so far."""

    rows: int = 0
    rejected_rows: int = 0
    rejects: list[Reject] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0

    @property
    def seconds(self) -> float:
        """From the first request to the last row."""
        return max(self.ended - self.began, 0.0)


class Monitor:
    """Keeps a tally per object and passes progress on."""

    def __init__(self, source: str, progress: Callable[[LoadProgress], None]) -> None:
        self._source = source
        self._progress = progress
        self._lock = threading.Lock()
        self.tallies: dict[str, Tally] = {}

    def started(self, name: str) -> None:
        """The object's first request is about to be sent."""
        with self._lock:
            self.tallies[name] = Tally(began=time.monotonic())
        self.tell(name, "reading")

    def batch(self, name: str, converted: Converted) -> None:
        """A batch was read and typed."""
        tally = self.tallies[name]
        tally.rows += converted.table.num_rows
        tally.rejected_rows += converted.rejected_rows
        tally.rejects.extend(converted.rejects)
        self.tell(name, "reading")

    def finished(self, name: str) -> None:
        """The object's last row was read."""
        self.tallies[name].ended = time.monotonic()
        self.tell(name, "read")

    def tell(self, name: str, stage: Stage) -> None:
        """Pass one step on, one caller at a time."""
        rows = self.tallies[name].rows if name in self.tallies else 0
        with self._lock:
            self._progress(LoadProgress(self._source, name, stage, rows))
