"""What a person should know of a load that goes well: nothing is left out in silence."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipelines.load import audit
from pipelines.load.resource import RawTable, raw_name


class Notices:
    """Notices of one source's load, kept until the load has its id."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._found: list[tuple[str, str, str]] = []

    @property
    def lines(self) -> list[str]:
        """One line each, skipped objects left out: the report lists those."""
        return [
            f"{self._source} {name} {subject}: {notice}"
            for name, subject, notice in self._found
            if subject
        ]

    def add(self, object_name: str, subject: str, notice: str) -> None:
        """Note something; `subject` is a field or record, empty for the whole object."""
        self._found.append((object_name, subject, notice))

    def of_tables(self, tables: Sequence[RawTable], warehouse: Path, *, full: bool) -> None:
        """Note skipped objects, fields that are not read, and columns that are new."""
        for table in tables:
            if table.skipped:
                self.add(table.name, "", f"is skipped: {table.skipped}")
                continue
            for name, note in table.notes.items():
                self.add(table.name, name, note)
            if full or table.cursor is None:  # all rows are read
                continue
            schema = f"raw_{table.source}"
            held = audit.columns(warehouse, schema, table.table_name)
            new = [name for name in table.types if held and raw_name(name) not in held]
            if new and audit.row_count(warehouse, schema, table.table_name):
                for name in new:
                    self.add(
                        table.name,
                        name,
                        "is new: rows loaded before lack it until they change, or until "
                        f"`tieout load --object {table.name} --full`",
                    )

    def record(self, warehouse: Path, load_id: str) -> None:
        """Write them to `raw_tieout.notices`."""
        now = datetime.now(UTC)
        audit.append_notices(
            warehouse,
            [
                audit.NoticeRow(load_id, self._source, name, subject, notice, now)
                for name, subject, notice in self._found
            ],
        )
