"""Decisions about exceptions, written to the seeds that the models read.

A decision about an exception is one row with the amount that was decided about: the models let it
expire, exception by exception, when that amount moves. A link of two records that are alike is an
override of the crosswalk. A decision about many names how they were chosen; what arises later under
the same selection is not covered.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from pipelines.config import PROJECT_ROOT, Paths
from pipelines.errors import TieoutError
from pipelines.exceptions import (
    Selection,
    exceptions_table,
    read_exceptions,
    suggestions_table,
    summary,
)
from pipelines.lock import run_lock
from pipelines.publication import open_published, read_publication
from pipelines.register import Register

Row = dict[str, Any]

SEEDS: Final = PROJECT_ROOT / "seeds"
EXPLANATIONS: Final = Register(
    SEEDS / "exception_explanations.csv",
    (
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
    ),
    "decisions",
)
OVERRIDES: Final = Register(
    SEEDS / "crosswalk_overrides.csv",
    ("crm_record_id", "erp_record_id", "owner", "reason", "created_on", "expires_on"),
    "links",
)
COUNTS_FROM: Final = "It counts from the next `tieout run`."
# What the shorter form of a Salesforce id leaves out only guards against folded case.
SALESFORCE_ID: Final = 15


@dataclass(frozen=True)
class Decision:
    """What somebody decided.

    Attributes:
        reason: why, in words.
        by: who decided.
        owner: who mends it from now on; None leaves it where it is.
        accepted: the reason explains the amount; otherwise only the owner changes.
        expires_on: last day the explanation or the link holds, or None.
    """

    reason: str
    by: str
    owner: str | None = None
    accepted: bool = True
    expires_on: date | None = None


@dataclass(frozen=True)
class Covered:
    """The exceptions a decision is about.

    Attributes:
        rows: the exceptions.
        selected_by: how they were chosen.
        today: the day of the decision (UTC).
    """

    rows: Sequence[Row]
    selected_by: str
    today: date


def decide(  # noqa: PLR0913 - one keyword per part of the command
    console: Console,
    paths: Paths,
    decision: Decision,
    ids: Sequence[str],
    selection: Selection,
    *,
    register: Register = EXPLANATIONS,
    dry_run: bool = False,
) -> None:
    """Show what a decision covers and add it to the register.

    Args:
        console: where to show it.
        paths: the installation's files; the amounts are those of the published snapshot.
        decision: what was decided.
        ids: exceptions, each by its id or the beginning of one; empty takes the selection.
        selection: exceptions by what they share, of those that are open.
        register: where decisions are kept.
        dry_run: show it only.

    Raises:
        TieoutError: no reason or no name, both or neither ids and a selection, an id that names
            no exception or several or a cleared one, nothing selected, or a register that cannot
            be read or written.
    """
    with _covered(console, paths, decision, ids, selection) as covered:
        if dry_run:
            return
        number = max(_numbers(register), default=0) + 1
        register.append(
            {
                "decision_no": number,
                "decision": "accepted" if decision.accepted else "assigned",
                "exception_id": row["exception_id"],
                "reason_code": row["reason_code"],
                "contract_number": row["contract_number"],
                "amount_rpt": row["amount_rpt"],
                "owner": decision.owner or row["owner"],
                "explanation": decision.reason,
                "decided_by": decision.by,
                "decided_on": covered.today,
                "expires_on": decision.expires_on or "",
                "selected_by": covered.selected_by,
            }
            for row in covered.rows
        )
    console.print(Text(f"Decision {number} written to {register.path}. {COUNTS_FROM}"))


def link(  # noqa: PLR0913 - one keyword per part of the command
    console: Console,
    paths: Paths,
    decision: Decision,
    ids: Sequence[str],
    selection: Selection,
    *,
    register: Register = OVERRIDES,
    dry_run: bool = False,
) -> None:
    """Take the suggestion of exceptions: their records are the same deal, until a day.

    Args:
        console: where to show it.
        paths: the installation's files; the suggestions are those of the published snapshot.
        decision: what was decided; `expires_on` is the last day the link holds.
        ids: exceptions, each by its id or the beginning of one; empty takes the selection.
        selection: exceptions by what they share, of those that are open and have a suggestion.
        register: where overrides of the crosswalk are kept.
        dry_run: show it only.

    Raises:
        TieoutError: as `decide`; no last day; or an exception without a suggestion.
    """
    if decision.expires_on is None:
        raise _mistake("A link needs a last day.", "Give one by --expires.")
    suggested = replace(selection, suggested=not ids)
    with _covered(console, paths, decision, ids, suggested) as covered:
        for row in covered.rows:
            if not row["is_suggested"]:
                raise _mistake(
                    f"Nothing is like the record of {row['exception_id']} ({row['reason_code']}).",
                    f"Write the link by hand: {register.path}.",
                )
        console.print(suggestions_table(covered.rows))
        pairs = dict.fromkeys(_pair(row) for row in covered.rows)
        wanted = {(crm[:SALESFORCE_ID], erp) for crm, erp in pairs}
        for row in register.rows():
            kept = (row["crm_record_id"][:SALESFORCE_ID], row["erp_record_id"])
            if kept in wanted:
                raise _mistake(
                    f"{row['owner']} linked {kept[0]} and {kept[1]} on {row['created_on']}.",
                    f"Run `tieout run`, or change the row in {register.path}.",
                )
        if dry_run:
            return
        register.append(
            {
                "crm_record_id": crm_record_id,
                "erp_record_id": erp_record_id,
                "owner": decision.by,
                "reason": decision.reason,
                "created_on": covered.today,
                "expires_on": decision.expires_on,
            }
            for crm_record_id, erp_record_id in pairs
        )
    number = "1 link" if len(pairs) == 1 else f"{len(pairs):,} links"
    console.print(Text(f"{number} written to {register.path}. {COUNTS_FROM}"))


def _pair(row: Row) -> tuple[str, str]:
    """CRM and ERP record of an exception with a suggestion."""
    records = (row["cause_record_id"], row["suggested_record_id"])
    return records if row["suggested_witness"] == "erp" else records[::-1]


@contextmanager
def _covered(
    console: Console, paths: Paths, decision: Decision, ids: Sequence[str], selection: Selection
) -> Iterator[Covered]:
    """Check a decision and show what it covers; no other run changes it meanwhile."""
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
        rows = (
            [_named(found, name) for name in dict.fromkeys(ids)]
            if ids
            else [row for row in found if selection.takes(row)]
        )
        if not rows:
            raise _mistake(
                f"No open exception has {selection}.", "See `tieout exceptions` for what is open."
            )
        console.print(exceptions_table(rows, currency))
        console.print(Text(f"Covers {summary(rows, currency)}"))
        yield Covered(rows, str(selection) or "id", today)


def _require(decision: Decision, today: date) -> None:
    for name, text in (("reason", decision.reason), ("name (--by)", decision.by)):
        if not text.strip():
            raise _mistake(f"A decision needs a {name}.", "Say it in words that an auditor reads.")
    if decision.expires_on is not None and decision.expires_on < today:
        raise _mistake(
            f"The decision would have expired on {decision.expires_on}.", "Give a day to come."
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


def _numbers(register: Register) -> list[int]:
    """The decisions that the register holds."""
    rows = register.rows()
    for number, row in enumerate(rows, start=1):
        if not row["decision_no"].isdecimal():
            raise _mistake(
                f"Row {number} of {register.path} has no number but {row['decision_no']!r}.",
                "Correct its decision_no.",
            )
    return [int(row["decision_no"]) for row in rows]


def _mistake(message: str, fix: str) -> TieoutError:
    return TieoutError(message, fix=fix, source="tieout", object_name="exceptions")
