"""What a person sees while a command works: one status line, one line per finished stage."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.text import Text

Update = Callable[[str], None]

PIPED_COLUMNS: Final = 100


def make_console(*, stderr: bool = False) -> Console:
    """A console that looks the same piped as on a 100-column terminal, without colors when piped.

    Args:
        stderr: write to standard error, for commands whose standard output is for machines.
    """
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_COLUMNS
    return Console(stderr=stderr, width=width, highlight=False)


@contextmanager
def working(console: Console, stage: str) -> Iterator[Update]:
    """Show that a stage is working, with a text it may change as it goes on.

    Args:
        console: where to show it. Nothing is shown when it is no terminal.
        stage: name of the stage.

    Yields:
        A function that replaces the text after the stage's name.
    """
    if not console.is_terminal:
        yield lambda _text: None
        return
    with console.status(Text(stage)) as status:
        yield lambda text: status.update(Text(f"{stage}  {text}"))


def show_stage(console: Console, name: str, seconds: float, did: str) -> None:
    """Print the line of a finished stage."""
    line = Text.assemble(
        ("  ok  ", "green"), (f"{name:<8}", "bold"), f"{seconds:>7.1f} s  ", (did, "dim")
    )
    console.print(line)
