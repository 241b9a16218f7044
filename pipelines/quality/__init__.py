"""The last gate before publication: Great Expectations over the marts, in a process of its own.

Importing it takes tens of seconds on a slow machine, so the process is started early and imports
while dbt builds; it then waits for one line on its standard input, the request, before it opens
the warehouse. This module is the light side that the run talks to; `python -m pipelines.quality`
is the heavy one.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from pipelines.config import PROJECT_ROOT, Paths
from pipelines.errors import TieoutError
from pipelines.gates import Gate, record_gate

LOG_LINES: Final = 5


@dataclass(frozen=True)
class CheckRequest:
    """What the checker has to look at.

    Attributes:
        run_id: named in the result.
        warehouse: the build file.
        result_file: where the result goes, an absolute path.
        previous_rows: rows by table of the last published snapshot of the same origin.
        minimum_rows_kept_percent: share of those rows that must still be there.
        unexplained_tolerance: in the reporting currency, as decimal text.
        maximum_held_percent: share of the contracts that may be held.
    """

    run_id: str
    warehouse: str
    result_file: str
    previous_rows: dict[str, int]
    minimum_rows_kept_percent: int
    unexplained_tolerance: str
    maximum_held_percent: int


@dataclass(frozen=True)
class CheckResult:
    """One expectation: what it says when it fails, what was seen, and a few offenders."""

    name: str
    passed: bool
    sentence: str
    observed: int | None
    evidence: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The sentence with the offenders."""
        offenders = f" For example: {'; '.join(self.evidence)}." if self.evidence else ""
        return f"{self.sentence}{offenders}"


class Checker:
    """The checking process, importing already."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        logs = paths.data / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self._log = logs / "quality.log"
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.quality"],
                cwd=PROJECT_ROOT,
                env={**os.environ, "GX_ANALYTICS_ENABLED": "false"},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def check(self, request: CheckRequest) -> list[CheckResult]:
        """Send the request, wait for the result and note it for the publication.

        Returns:
            Every check, failed ones included.

        Raises:
            TieoutError: the checks could not run.
        """
        Path(request.result_file).unlink(missing_ok=True)
        self._process.communicate(json.dumps(asdict(request)) + "\n")
        if self._process.returncode not in (0, 2):
            tail = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise TieoutError(
                "The checks could not run: " + " / ".join(tail[-LOG_LINES:]),
                fix=f"See {self._log}.",
                source="great expectations",
            )
        results = read_results(request)
        record_gate(self._paths, Gate.CHECK, passed=all(result.passed for result in results))
        return results

    def stop(self) -> None:
        """End the process if it still runs: the run will not ask it anything."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()


@contextmanager
def checker(paths: Paths) -> Iterator[Checker]:
    """A checker that does not outlive the block."""
    process = Checker(paths)
    try:
        yield process
    finally:
        process.stop()


def read_results(request: CheckRequest) -> list[CheckResult]:
    """Read the result file of a request."""
    content = Path(request.result_file).read_text(encoding="utf-8")
    return [
        CheckResult(**{**check, "evidence": tuple(check["evidence"])})
        for check in json.loads(content)["checks"]
    ]
