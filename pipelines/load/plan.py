"""What a load would ask, as connectors tell it: nothing is read or written."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Plan:
    """One object of a dry run.

    Attributes:
        method: `REST`, `Bulk API 2.0` or `SuiteQL`; empty for a skipped object.
        query: the first query that would be sent.
        since: oldest change it asks for; None asks for everything.
        until: newest change it asks for, by the source's clock.
        rows: rows expected, None if they could not be counted.
        calls: API calls expected, those of describe and of the search for deletions included.
        skipped: why the object would not be read, or None.
    """

    source: str
    object_name: str
    method: str
    query: str
    since: datetime | None
    until: datetime
    rows: int | None
    calls: int
    skipped: str | None = None
