"""Registers: seeds that people decide in. The models read them, commands add rows to them."""

import csv
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import TieoutError


@dataclass(frozen=True)
class Register:
    """A CSV file with one row per decision and what it is about.

    Attributes:
        path: the file, a seed.
        columns: its first line, in order.
        of: what its rows are, in the plural.
    """

    path: Path
    columns: tuple[str, ...]
    of: str

    def rows(self) -> list[dict[str, str]]:
        """Every row, as text.

        Raises:
            TieoutError: the file cannot be read, has other columns, or a row lacks some.
        """
        return self._parsed(self._text())

    def append(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows: the whole file is replaced, or nothing is.

        Args:
            rows: a value per column; whitespace, line breaks too, becomes single blanks.

        Raises:
            TieoutError: the file cannot be read or written, or is no such register.
        """
        text = self._text()
        self._parsed(text)
        lines = io.StringIO()
        if not text.endswith("\n"):
            lines.write("\n")
        writer = csv.DictWriter(lines, self.columns, lineterminator="\n")
        writer.writerows(
            {name: " ".join(str(value).split()) for name, value in row.items()} for row in rows
        )
        partial = self.path.with_name(f".{self.path.name}.partial")
        try:
            partial.write_text(text + lines.getvalue(), encoding="utf-8")
            os.replace(partial, self.path)  # noqa: PTH105 - the atomic one, said by its name
        except OSError as error:
            raise self._mistake(
                f"{self.path} cannot be written: {error.strerror}.", "Make it writable."
            ) from error

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self._no_register(f"cannot be read: {error}") from error

    def _parsed(self, text: str) -> list[dict[str, str]]:
        reader = csv.DictReader(io.StringIO(text))
        if tuple(reader.fieldnames or ()) != self.columns:
            raise self._no_register("has other columns")
        rows = list(reader)
        for number, row in enumerate(rows, start=1):
            if None in row or None in row.values():
                raise self._no_register(f"row {number} does not have a value per column")
        return rows

    def _no_register(self, problem: str) -> TieoutError:
        return self._mistake(
            f"{self.path} is no register of {self.of}: {problem}.",
            f"Its first line is {','.join(self.columns)}; each row has a value for each.",
        )

    def _mistake(self, message: str, fix: str) -> TieoutError:
        return TieoutError(message, fix=fix, source="tieout", object_name=self.path.stem)
