"""How a checklist, a close, a verification, a diff and a replay look in the terminal."""

from typing import Any, Final

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipelines.close.command import CloseResult
from pipelines.close.diff import Diff
from pipelines.close.readiness import Blocker, CloseGate
from pipelines.close.replay import Replay
from pipelines.close.verify import Verification
from pipelines.money import format_money, format_share

BLOCKERS_SHOWN: Final = 8
ROWS_SHOWN: Final = 30


def show_result(console: Console, result: CloseResult) -> None:
    """Print the checklist, what blocks, and the close or how to get to it."""
    name = result.period["period_name"]
    console.print(_checklist(name, result))
    for gate in result.gates:
        if not gate.passed:
            _show_blockers(console, gate, result.currency)
    if result.close:
        _show_close(console, result)
    elif result.blocked:
        console.print(Text(f"\n{name} stays open.", style="bold yellow"))
        if all(gate.passed or gate.can_be_overridden for gate in result.gates):
            console.print(
                f"To close it in spite of these: tieout close '{name}' --by NAME --force "
                "--reason TEXT"
            )
        else:
            console.print("Gates marked * cannot be overridden.")
    else:
        console.print(f"\nNothing blocks {name}: tieout close '{name}' --by NAME")


def show_verification(console: Console, verification: Verification) -> None:
    """Print whether a close is as it was made."""
    console.print(f"\n{verification.close}")
    for problem in verification.problems:
        console.print(Text(f"  {problem}", style="red"))
    if not verification.problems:
        console.print(
            Text(f"  Nothing was changed: {verification.files} files have their hashes.", "green")
        )


def show_diff(console: Console, diff: Diff) -> None:
    """Print what changed since a close: totals by reason, contracts, source records."""
    console.print(Text(f"\n{diff.close}", style="bold"))
    console.print(Text(f"compared with run {diff.run_id}", style="dim"))
    if not diff.lines:
        console.print(Text("Nothing has changed in the period since.", style="green"))
        return
    console.print(_totals_table(diff))
    console.print(_changes_table(diff))
    _say_more(console, len(diff.contracts))
    console.print(_records_table(diff))
    _say_more(console, len(diff.records))


def show_replay(console: Console, replay: Replay) -> None:
    """Print which tables came out the same."""
    project = "the models of today" if replay.todays_project else "the models of that day"
    console.print(Text(f"\n{replay.close}", style="bold"))
    console.print(Text(f"built again from its inputs with {project}", style="dim"))
    for note in replay.notes:
        console.print(Text(f"  {note}", style="yellow"))
    different = [table for table in replay.tables if not table.equal]
    if not different:
        rows = sum(table.rows for table in replay.tables)
        console.print(
            Text(f"  The same: {rows:,} rows of {len(replay.tables)} tables.", style="green")
        )
        return
    table = _table("Tables that differ")
    table.add_column("table")
    for heading in ("rows closed", "only in the close", "only in the replay"):
        table.add_column(heading, justify="right")
    for row in different:
        table.add_row(row.table, f"{row.rows:,}", f"{row.missing:,}", f"{row.unexpected:,}")
    console.print(table)


def _checklist(name: str, result: CloseResult) -> Table:
    table = _table(f"Close of {name}")
    table.add_column("")
    table.add_column("gate")
    table.add_column("blockers", justify="right")
    table.add_column(f"amount {result.currency}", justify="right")
    table.add_column("owner")
    for gate in result.gates:
        mark = Text("ok", "green") if gate.passed else Text("no", "bold red")
        amounts = [b.amount_rpt for b in gate.blockers if b.amount_rpt is not None]
        table.add_row(
            mark,
            gate.title + ("" if gate.can_be_overridden else " *"),
            f"{len(gate.blockers):,}" if gate.blockers else "",
            format_money(sum(map(abs, amounts[1:]), abs(amounts[0])), result.currency)
            if amounts
            else "",
            gate.owner,
        )
    return table


def _show_blockers(console: Console, gate: CloseGate, currency: str) -> None:
    console.print(Text(f"\n{gate.title}", style="bold"))
    console.print(Text(f"  {gate.what_to_do}.", style="dim"))
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for blocker in gate.blockers[:BLOCKERS_SHOWN]:
        table.add_row(*_cells(blocker, currency))
    console.print(Padding(table, (0, 0, 0, 2), expand=False))
    more = len(gate.blockers) - BLOCKERS_SHOWN
    if more > 0:
        console.print(Text(f"  and {more:,} more (--json has all)", style="dim"))


def _cells(blocker: Blocker, currency: str) -> tuple[str, str, str, str]:
    amount = "" if blocker.amount_rpt is None else format_money(blocker.amount_rpt, currency)
    return blocker.record_id, blocker.contract_number or "", amount, blocker.message


def _show_close(console: Console, result: CloseResult) -> None:
    close = result.close
    if close is None:
        return
    entry = close.entry
    totals = entry["totals"]
    rate = format_share(totals["contract_lines_tied"], totals["contract_lines"])
    console.print(Text(f"\nClosed: {close}", style="bold green"))
    if overridden := entry["blockers_overridden"]:
        console.print(f"  {overridden:,} blockers were overridden: {entry['reason']}")
    console.print(f"  tie-out rate {rate} of {totals['contract_lines']:,} lines")
    console.print(f"  folder closes/{close.folder}")
    console.print(f"  manifest sha256 {entry['manifest_sha256']}")
    console.print(f"  What comes later: tieout diff '{result.period['period_name']}'")


def _totals_table(diff: Diff) -> Table:
    table = _money_table("From booked to recognized", diff.currency, "measure", "lines changed")
    for row in diff.totals:
        if row["lines_changed"] or row["measure"] in ("booked", "recognized"):
            table.add_row(row["measure"], f"{row['lines_changed']:,}", *_amounts(row, diff))
    return table


def _changes_table(diff: Diff) -> Table:
    table = _money_table("By contract", diff.currency, "contract", "measure")
    for row in diff.contracts[:ROWS_SHOWN]:
        table.add_row(row["contract_number"], row["measure"], *_amounts(row, diff))
    return table


def _records_table(diff: Diff) -> Table:
    table = _table("Records that changed")
    for heading in ("contract", "record", "what", "field", "closed", "today"):
        table.add_column(heading, no_wrap=heading in ("record", "closed", "today"))
    for row in diff.records[:ROWS_SHOWN]:
        table.add_row(
            row["contract_number"],
            f"{row['record_type']} {row['record_id']}",
            row["what"],
            row["field"],
            row["closed_value"] or "",
            row["today_value"] or "",
        )
    return table


def _amounts(row: dict[str, Any], diff: Diff) -> list[str]:
    return [
        format_money(row[name], diff.currency) for name in ("closed_rpt", "change_rpt", "today_rpt")
    ]


def _money_table(title: str, currency: str, *headings: str) -> Table:
    table = _table(f"{title}, {currency}")
    for heading in headings:
        table.add_column(heading)
    for heading in ("closed", "change", "today"):
        table.add_column(heading, justify="right")
    return table


def _say_more(console: Console, rows: int) -> None:
    if rows > ROWS_SHOWN:
        console.print(Text(f"and {rows - ROWS_SHOWN:,} more (--json has all)", style="dim"))


def _table(title: str) -> Table:
    return Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 2, 0, 0),
    )
