"""The register of closes: one line of JSON a close; lines are added, never changed.

A line is made of the manifest of the close and holds the manifest's hash and that of the line
before it, so a line that is changed or taken out shows. `fct_close_periods` is read from it: the
build copies it into the warehouse, which may be thrown away.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from pipelines.close.files import flush, sha256
from pipelines.config import Paths
from pipelines.errors import TieoutError

FILE: Final = "register.jsonl"
PARTIAL: Final = ".partial"
MANIFEST: Final = "manifest.json"
#: Columns of raw_tieout.closes that a line has under the same name.
COPIED: Final = (
    "close_id",
    "period_key",
    "period_name",
    "run_id",
    "as_of",
    "closed_at",
    "closed_by",
    "reason",
    "blockers_overridden",
    "manifest_sha256",
    "code_version",
    "reporting_currency",
)


@dataclass(frozen=True)
class Close:
    """One close, as its line of the register has it.

    Attributes:
        folder: name of its folder below `Paths.closes`.
        entry: the whole line.
    """

    folder: str
    entry: dict[str, Any]

    @property
    def close_id(self) -> str:
        """Its id, sorts by time."""
        return str(self.entry["close_id"])

    @property
    def period_key(self) -> str:
        """The accounting period's id in the ERP."""
        return str(self.entry["period_key"])

    def __str__(self) -> str:
        """Which close, by whom and when, in one phrase."""
        who, when = self.entry["closed_by"], self.entry["closed_at"]
        return f"{self.entry['period_name']}, closed by {who} on {when} ({self.close_id})"


def read_register(paths: Paths, origin: str | None = None) -> list[Close]:
    """The closes, oldest first.

    Args:
        paths: the installation's files.
        origin: only those of this origin of the data; None: all.
    """
    return [
        Close(entry["folder"], entry)
        for entry in map(json.loads, _lines(paths))
        if origin is None or entry["origin"] == origin
    ]


def find_close(paths: Paths, origin: str, period: dict[str, Any]) -> Close | None:
    """The close of a period (row of `dim_accounting_period`), or None while it is open."""
    return next(
        (
            close
            for close in read_register(paths, origin)
            if close.period_key == period["period_key"]
        ),
        None,
    )


def require_close(paths: Paths, origin: str, period: dict[str, Any]) -> Close:
    """The close of a period.

    Raises:
        TieoutError: the period was not closed.
    """
    found = find_close(paths, origin, period)
    if found is None:
        raise TieoutError(
            f"{period['period_name']} was not closed.",
            fix=f"Close it: tieout close '{period['period_name']}' --by NAME",
            source="tieout",
        )
    return found


def read_manifest(paths: Paths, close: Close) -> dict[str, Any]:
    """The manifest of a close."""
    file = paths.closes / close.folder / MANIFEST
    return dict(json.loads(file.read_text(encoding="utf-8")))


def finish(paths: Paths) -> None:
    """Enter closes whose folder is complete but whose line a crash kept from being written."""
    known = {close.folder for close in read_register(paths)}
    folders = sorted(paths.closes.glob(f"[!.]*/{MANIFEST}")) if paths.closes.exists() else []
    for file in folders:
        if file.parent.name not in known:
            enter(paths, file.parent)


def enter(paths: Paths, folder: Path) -> Close:
    """Add the line of a close that has just been written.

    Args:
        paths: the installation's files.
        folder: the sealed folder of the close.
    """
    described = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    last = _lines(paths)[-1:]
    entry = {
        "folder": folder.name,
        "close_id": described["close_id"],
        **{f"period_{name}": described["period"][f"period_{name}"] for name in ("key", "name")},
        "origin": described["origin"],
        "run_id": described["run_id"],
        "as_of": described["as_of"],
        "closed_at": described["closed_at"],
        "closed_by": described["closed_by"],
        "reason": described["reason"],
        "blockers_overridden": described["blockers_overridden"],
        "manifest_sha256": sha256(folder / MANIFEST),
        "code_version": described["code_version"],
        "reporting_currency": described["reporting_currency"],
        "totals": described["totals"],
        "previous_line_sha256": _hash(last[0]) if last else None,
    }
    lines = [*_lines(paths), json.dumps(entry)]
    partial = paths.closes / f".{FILE}{PARTIAL}"
    partial.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    flush(partial)
    partial.replace(paths.closes / FILE)
    flush(paths.closes)
    return Close(folder.name, entry)


def broken_links(paths: Paths) -> Iterator[str]:
    """Lines of the register that do not follow from the line before them."""
    previous = None
    for number, line in enumerate(_lines(paths), 1):
        if json.loads(line)["previous_line_sha256"] != previous:
            yield f"{FILE}: line {number} does not follow from the line before it"
        previous = _hash(line)


def copy_to_warehouse(paths: Paths, origin: str) -> None:
    """Make `raw_tieout.closes` what the register says of this origin; nothing if it is.

    Args:
        paths: the installation's files.
        origin: what the warehouse holds.
    """
    import duckdb  # noqa: PLC0415 - the command answers its help without it

    from pipelines.load import audit  # noqa: PLC0415

    audit.create_tables(paths.warehouse)
    closes = read_register(paths, origin)
    with duckdb.connect(paths.warehouse) as connection:
        held = connection.execute(
            "select close_id, manifest_sha256 from raw_tieout.closes order by close_id"
        ).fetchall()
        if held == sorted((c.close_id, c.entry["manifest_sha256"]) for c in closes):
            return
        connection.execute("begin")
        connection.execute("delete from raw_tieout.closes")
        for close in closes:
            row = _row(close)
            names = ", ".join(row)
            places = ", ".join(f"${name}" for name in row)
            connection.execute(f"insert into raw_tieout.closes ({names}) values ({places})", row)
        connection.execute("commit")


def _row(close: Close) -> dict[str, Any]:
    row: dict[str, Any] = {name: close.entry[name] for name in COPIED} | close.entry["totals"]
    row["as_of"] = date.fromisoformat(row["as_of"])
    row["closed_at"] = datetime.fromisoformat(row["closed_at"])
    return row


def _lines(paths: Paths) -> list[str]:
    try:
        return (paths.closes / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
