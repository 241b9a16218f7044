"""`tieout close`: ask the gates, write the snapshot, enter it in the register."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipelines.close import register
from pipelines.close.readiness import CloseGate, read_gates
from pipelines.close.register import Close
from pipelines.close.snapshot import CloseRequest, write_snapshot
from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.lock import run_lock
from pipelines.periods import find_period
from pipelines.publication import open_published, read_publication
from pipelines.stages import new_run_id


@dataclass(frozen=True)
class CloseResult:
    """A checklist and, where the period was closed, the close.

    Attributes:
        period: the row of `dim_accounting_period`.
        currency: ISO code of the blockers' amounts.
        gates: the checklist.
        close: the close, or None where the period stays open.
    """

    period: dict[str, Any]
    currency: str
    gates: tuple[CloseGate, ...]
    close: Close | None

    @property
    def blocked(self) -> bool:
        """Whether a gate has blockers."""
        return not all(gate.passed for gate in self.gates)

    def as_json(self) -> dict[str, Any]:
        """Plain values; amounts as exact text."""
        return {
            "period": self.period["period_name"],
            "currency": self.currency,
            "outcome": "closed" if self.close else "blocked" if self.blocked else "ready",
            "gates": [
                {
                    "gate_code": gate.code,
                    "title": gate.title,
                    "owner": gate.owner,
                    "what_to_do": gate.what_to_do,
                    "can_be_overridden": gate.can_be_overridden,
                    "passed": gate.passed,
                    "blockers": [vars(blocker) for blocker in gate.blockers],
                }
                for gate in self.gates
            ],
            "close": self.close.entry if self.close else None,
        }


def check_period(paths: Paths, name: str) -> CloseResult:
    """The checklist of a period; nothing is closed.

    Raises:
        TieoutError: there is no such period, it is closed, or it is not one to close next.
    """
    return _check_or_close(paths, name, by=None, reason=None, force=False)


def close_period(
    paths: Paths, name: str, by: str, *, reason: str | None = None, force: bool = False
) -> CloseResult:
    """Close a period if nothing blocks it, or in spite of what can be overridden.

    Args:
        paths: the installation's files.
        name: the period, as the ERP names it or YYYY-MM.
        by: who closes it.
        reason: why in spite of blockers; needed with `force`.
        force: close in spite of blockers; they are recorded.

    Returns:
        The checklist, with the close if there is one.

    Raises:
        TieoutError: there is no such period, it is closed, or it is not one to close next; no name,
            or no reason to force it.
    """
    if not by.strip():
        raise TieoutError("A close needs the name of who closes.", fix="Give --by NAME.")
    if force and not (reason and reason.strip()):
        raise TieoutError("Closing in spite of blockers needs a reason.", fix="Give --reason TEXT.")
    with run_lock(paths):
        register.finish(paths)
        return _check_or_close(paths, name, by=by, reason=reason, force=force)


def _check_or_close(
    paths: Paths, name: str, *, by: str | None, reason: str | None, force: bool
) -> CloseResult:
    with open_published(paths) as connection:
        publication = read_publication(connection)
        period = find_period(connection, name)
        earlier = register.find_close(paths, publication.origin, period)
        if earlier is not None:
            raise TieoutError(
                f"The period is closed: {earlier}.",
                fix=f"A close never changes; what came since: tieout diff '{name}'",
                source="tieout",
                record=earlier.close_id,
            )
        gates = tuple(read_gates(connection, paths, publication, period))
        open_result = CloseResult(period, publication.reporting_currency, gates, None)
        overridable = force and all(gate.passed or gate.can_be_overridden for gate in gates)
        if by is None or (open_result.blocked and not overridable):
            return open_result
        request = CloseRequest(
            close_id=new_run_id(),
            period=period,
            closed_at=datetime.now(UTC).isoformat(timespec="seconds"),
            closed_by=by.strip(),
            reason=reason,
            gates=gates,
            publication=publication,
        )
        folder = write_snapshot(connection, paths, request)
    closed = register.enter(paths, folder)
    return CloseResult(period, publication.reporting_currency, gates, closed)
