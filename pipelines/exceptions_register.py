"""Decisions about exceptions, written to the seed that the models read.

A decision is one row per exception, with the amount that was decided about: the models let it
expire, exception by exception, when that amount moves. A decision about many names how they were
chosen; what arises later under the same selection is not covered.
"""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from pipelines.config import PROJECT_ROOT, Paths
from pipelines.errors import TieoutError
from pipelines.exceptions import Selection, exceptions_table, read_exceptions, summary
from pipelines.lock import run_lock
from pipelines.publication import open_published, read_publication

Row = dict[str, Any]

REGISTER: Final = PROJECT_ROOT / "seeds" / "exception_explanations.csv"
COLUMNS: Final = (
    "decision_no",
    "decision",
    "exception_id",
    "reason_code",
    "contract_number",
    "amount_rpt",
    "owner",
    "explanation",
    "decided_by",
    "decided_on",
    "expires_on",
    "selected_by",
)


@dataclass(frozen=True)
class Decision:
    """What somebody decided.

    Attributes:
        reason: why, in words.
        by: who decided.
        owner: who mends it from now on; None leaves it where it is.
        accepted: the reason explains the amount; otherwise only the owner changes.
        expires_on: last day the explanation holds, or None.
    """

    reason: str
    by: str
    owner: str | None = None
    accepted: bool = True
    expires_on: date | None = None


def decide(  # noqa: PLR0913 - one keyword per part of the command
    console: Console,
    paths: Paths,
    decision: Decision,
    ids: Sequence[str],
    selection: Selection,
    *,
    register: Path = REGISTER,
    dry_run: bool = False,
) -> None:
    """Show what a decision covers and add it to the register.

    Args:
        console: where to show it.
        paths: the installation's files; the amounts are those of the published snapshot.
        decision: what was decided.
        ids: exceptions, each by its id or the beginning of one; empty takes the selection.
        selection: exceptions by what they share, of those that are open.
        register: the file, a seed.
        dry_run: show it only.

    Raises:
        TieoutError: no reason or no name, both or neither ids and a selection, an id that names
            no exception or several or a cleared one, nothing selected, or a register that cannot
            be read or written.
    """
    today = datetime.now(UTC).date()
    _require(decision, today)
    if bool(str(selection)) if ids else not selection.is_shared:
        raise _mistake(
            "Name exceptions either by their ids, or by the code, cause, contract or customer they "
            "share.",
            "For example `tieout exceptions explain 1a2b3c4d ...` or `... --code price_mismatch`.",
        )
    with run_lock(paths):
        with open_published(paths) as connection:
            currency = read_publication(connection).reporting_currency
            found = read_exceptions(connection)
        covered = (
            [_named(found, name) for name in dict.fromkeys(ids)]
            if ids
            else [row for row in found if selection.takes(row)]
        )
        if not covered:
            raise _mistake(
                f"No open exception has {selection}.", "See `tieout exceptions` for what is open."
            )
        console.print(exceptions_table(covered, currency))
        console.print(Text(f"Covers {summary(covered, currency)}"))
        if dry_run:
            return
        number = _append(register, decision, covered, str(selection) or "id", today)
    console.print(
        Text(f"Decision {number} written to {register}. It counts from the next `tieout run`.")
    )


def _require(decision: Decision, today: date) -> None:
    for name, text in (("reason", decision.reason), ("name (--by)", decision.by)):
        if not text.strip():
            raise _mistake(f"A decision needs a {name}.", "Say it in words that an auditor reads.")
    if decision.expires_on is not None and decision.expires_on < today:
        raise _mistake(
            f"The explanation would have expired on {decision.expires_on}.", "Give a day to come."
        )


def _named(rows: Sequence[Row], name: str) -> Row:
    """The exception whose id begins with what was typed."""
    matches = {row["exception_id"]: row for row in rows if row["exception_id"].startswith(name)}
    if len(matches) != 1:
        what = "several exceptions" if matches else "no exception"
        raise _mistake(f"{name} names {what}.", "See `tieout exceptions --status all` for the ids.")
    row = next(iter(matches.values()))
    if row["status"] == "cleared":
        raise _mistake(
            f"{name} was cleared on {row['cleared_on']}: there is nothing to decide.",
            "See `tieout exceptions` for what is open.",
        )
    return row


def _append(
    register: Path, decision: Decision, covered: Sequence[Row], selected_by: str, today: date
) -> int:
    """Add one row per exception, the whole file or nothing; the decision's number."""
    text, numbers = _read(register)
    number = max(numbers, default=0) + 1
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    for row in covered:
        writer.writerow(
            {
                "decision_no": number,
                "decision": "accepted" if decision.accepted else "assigned",
                "exception_id": row["exception_id"],
                "reason_code": row["reason_code"],
                "contract_number": row["contract_number"],
                "amount_rpt": row["amount_rpt"],
                "owner": decision.owner or row["owner"],
                "explanation": _one_line(decision.reason),
                "decided_by": _one_line(decision.by),
                "decided_on": today,
                "expires_on": decision.expires_on or "",
                "selected_by": selected_by,
            }
        )
    partial = register.with_name(f".{register.name}.partial")
    try:
        partial.write_text(text + lines.getvalue(), encoding="utf-8")
        os.replace(partial, register)  # noqa: PTH105 - the atomic one, said by its name
    except OSError as error:
        raise _mistake(
            f"{register} cannot be written: {error.strerror}.", "Make it writable."
        ) from error
    return number


def _read(register: Path) -> tuple[str, list[int]]:
    """The register as it is, ending with a line break, and the numbers of its decisions."""
    try:
        text = register.read_text(encoding="utf-8")
        rows = csv.DictReader(io.StringIO(text))
        numbers = [int(row["decision_no"]) for row in rows]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise _mistake(
            f"{register} cannot be read as a register of decisions.",
            f"Its first line is {','.join(COLUMNS)} and each row has a number.",
        ) from error
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise _mistake(
            f"{register} has other columns than a register of decisions.",
            f"Its first line is {','.join(COLUMNS)}.",
        )
    return (text if text.endswith("\n") else f"{text}\n"), numbers


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mistake(message: str, fix: str) -> TieoutError:
    return TieoutError(message, fix=fix, source="tieout", object_name="exceptions")
