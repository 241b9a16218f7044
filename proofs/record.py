"""Figures of a proof, written between two marks of a document."""

from collections.abc import Sequence
from pathlib import Path


def write_section(
    file: Path, mark: str, heading: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Replace what stands between `<!-- mark -->` and `<!-- end mark -->` by a table.

    Args:
        file: a Markdown document that has both marks.
        mark: name of the section.
        heading: column names.
        rows: cells, as many a row as the heading has.

    Raises:
        ValueError: a mark is missing.
    """
    text = file.read_text(encoding="utf-8")
    begin, end = f"<!-- {mark} -->\n", f"<!-- end {mark} -->"
    before, found, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        message = f"{file.name} has no marks {begin.strip()} and {end}"
        raise ValueError(message)
    lines = ["| " + " | ".join(heading) + " |", "|" + "---|" * len(heading)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    file.write_text(before + begin + "\n".join(lines) + "\n" + end + after, encoding="utf-8")
