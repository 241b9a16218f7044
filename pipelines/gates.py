"""Which gates the warehouse, as it is now, has passed.

Stages can be run alone. So that a publication never skips a gate, each gate leaves a note of the
warehouse it looked at, and publishing asks for both notes to be about the warehouse at hand.
"""

import json
from enum import StrEnum
from typing import Final

from pipelines.config import Paths
from pipelines.errors import GateHeldError

FILE: Final = "gates.json"


class Gate(StrEnum):
    """The gates, in their order, under the name of the command that runs them."""

    BUILD = "build"
    CHECK = "check"


def record_gate(paths: Paths, gate: Gate, *, passed: bool) -> None:
    """Note how a gate judged the warehouse as it is now."""
    notes = _notes(paths)
    notes[gate.value] = {"passed": passed, "warehouse": _stamp(paths)}
    (paths.data / FILE).write_text(json.dumps(notes), encoding="utf-8")


def require_gates(paths: Paths, *gates: Gate) -> None:
    """Insist that the warehouse, as it is now, passed these gates.

    Raises:
        GateHeldError: a gate held it, or has not seen it since it last changed.
    """
    notes = _notes(paths)
    for gate in gates:
        note = notes.get(gate.value)
        if note is None or note["warehouse"] != _stamp(paths):
            raise GateHeldError(
                f"The warehouse has changed since `tieout {gate}` last looked at it.",
                fix=f"Run `tieout {gate}`, or `tieout run` for everything in order.",
                source="tieout",
            )
        if not note["passed"]:
            raise GateHeldError(
                f"The warehouse did not pass `tieout {gate}`.",
                fix=f"Run `tieout {gate}` to see what failed, correct it and load again.",
                source="tieout",
            )


def _stamp(paths: Paths) -> list[int]:
    """Size and time of the last change: different after any writing by any tool."""
    try:
        status = paths.warehouse.stat()
    except FileNotFoundError:
        return []
    return [status.st_size, status.st_mtime_ns]


def _notes(paths: Paths) -> dict[str, dict[str, object]]:
    try:
        notes = json.loads((paths.data / FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}
