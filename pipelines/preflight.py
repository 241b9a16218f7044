"""Looking before loading: `tieout sources check` and `tieout load --dry-run`. Nothing is written.

The embedded company is served from a folder that is thrown away.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipelines.config import Paths
from pipelines.console import working
from pipelines.demo import demo_servers, environment
from pipelines.origin import Demo, Origin, read_origin

_STYLES: Final = {"ok": "green", "note": "yellow", "failed": "red"}


def check_sources(console: Console, origin: Origin) -> bool:
    """Show what a load would find at both sources; whether it would be let through."""
    from pipelines.load.checks import check_sources as look  # noqa: PLC0415 - dlt costs seconds

    with _reachable(origin), working(console, "check") as update:
        checks = []
        for check in look():
            checks.append(check)
            update(f"{check.source} {check.name}")
    table = Table(box=None, pad_edge=False)
    for column in ("source", "check", "", "found"):
        table.add_column(column, overflow="fold")
    for check in checks:
        outcome = Text(check.outcome, style=_STYLES[check.outcome])
        table.add_row(check.source, check.name, outcome, Text(check.detail))
    console.print(table)
    failed = [check for check in checks if check.outcome == "failed"]
    for check in failed:
        body = Text.assemble(check.detail, "\n", ("Fix: ", "bold"), check.fix)
        title = f"{check.source} / {check.name}"
        console.print(Panel(body, title=title, title_align="left", border_style="red"))
    return not failed


def show_dry_run(  # noqa: PLR0913 - one keyword per option
    console: Console,
    paths: Paths,
    origin: Origin,
    *,
    full: bool,
    only: Sequence[str] | None,
    since: datetime | None,
) -> None:
    """Show per object what a load would ask, and sums per source.

    Raises:
        TieoutError: a setting, source or object stands in the way.
    """
    from pipelines.load.dry_run import dry_run  # noqa: PLC0415 - dlt costs seconds to import

    # Another origin's warehouse would be emptied first.
    held = paths.warehouse if read_origin(paths) == origin else paths.data / "none.duckdb"
    with _reachable(origin), working(console, "dry run"):
        plans = dry_run(held, full=full, only=only, since=since)
    for plan in plans:
        title = Text.assemble((f"{plan.source} {plan.object_name}", "bold"), "  ")
        if plan.skipped:
            title.append(f"is skipped: {plan.skipped}", style="yellow")
            console.print(title, soft_wrap=True)
            continue
        since_text = f"from {_shown(plan.since)}" if plan.since else "from the first record"
        title.append(f"{plan.method}, {since_text} to {_shown(plan.until)}: ")
        counted = "an unknown number of" if plan.rows is None else f"{plan.rows:,}"
        title.append(f"{counted} rows, about {plan.calls:,} calls")
        console.print(title, soft_wrap=True)
        console.print(Text(f"  {plan.query}", style="dim"), soft_wrap=True)
    for source in dict.fromkeys(plan.source for plan in plans):
        own = [plan for plan in plans if plan.source == source]
        rows, calls = sum(plan.rows or 0 for plan in own), sum(plan.calls for plan in own)
        console.print(
            f"{source}: {rows:,} rows of {len(own)} objects, about {calls:,} API calls. "
            "Nothing was loaded."
        )


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}"


@contextmanager
def _reachable(origin: Origin) -> Iterator[None]:
    """The configured sources as they are; the embedded company while it is served."""
    if not isinstance(origin, Demo):
        yield
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_servers(origin, Paths(Path(folder))) as servers,
        environment(servers.settings()),
    ):
        yield
