"""REST queries that outlive an expired cursor and a query that runs too long.

A query starts again when its cursor has expired, and in halves of its window of stamps when it
timed out. Rows that were already handed on are left out the second time, so that no row is lost
or doubled: a row that changed meanwhile has a stamp beyond the window and is the next load's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from pipelines.salesforce.client import RefusedError, SalesforceClient
from pipelines.salesforce.objects import SObject

# Before the first org: no stamp is older.
EARLIEST: Final = datetime(1999, 1, 1, tzinfo=UTC)
NARROWEST: Final = timedelta(minutes=1)
MOST_RESTARTS: Final = 3


@dataclass(frozen=True)
class Window:
    """A span of stamps: from `since` (None: from the first), to `until`.

    Attributes:
        closed: whether `until` itself belongs to it.
    """

    since: datetime | None
    until: datetime
    closed: bool = True

    def halves(self) -> tuple["Window", "Window"] | None:
        """Both halves without a gap, the earlier first; None if it is too narrow."""
        since = self.since or EARLIEST
        if self.until - since < NARROWEST:
            return None
        middle = (since + (self.until - since) / 2).replace(microsecond=0)
        # The first part keeps an open start: nothing may be older, yet nothing is lost if it is.
        return (
            Window(self.since, middle, closed=False),
            Window(middle, self.until, self.closed),
        )


def records(
    client: SalesforceClient,
    sobject: SObject,
    fields: Sequence[str],
    since: datetime | None,
    until: datetime,
) -> Iterator[list[dict[str, Any]]]:
    """Pages of records, each record once.

    Raises:
        RefusedError: refused for any other reason, too often, or with nothing left to halve.
    """
    handed_on: set[str] = set()
    waiting = [Window(since, until)]
    restarts = 0
    while waiting:
        window = waiting.pop()
        query = soql(sobject, fields, window.since, window.until, closed=window.closed)
        try:
            for page in client.query(query, sobject.name):
                # A record without its key goes on: it is set aside with the reason.
                fresh = [row for row in page if row.get(sobject.primary_key) not in handed_on]
                handed_on.update(
                    row[sobject.primary_key] for row in fresh if sobject.primary_key in row
                )
                yield fresh
        except RefusedError as refusal:
            halves = window.halves() if sobject.cursor else None
            if refusal.code == "INVALID_QUERY_LOCATOR" and restarts < MOST_RESTARTS:
                restarts += 1
                waiting.append(window)
            elif refusal.code == "QUERY_TIMEOUT" and halves:
                waiting += reversed(halves)
            else:
                raise


def soql(  # noqa: PLR0913 - what a query is made of
    sobject: SObject,
    fields: Sequence[str],
    since: datetime | None,
    until: datetime,
    *,
    closed: bool = True,
    within: str = "",
) -> str:
    """The query of one window: a load's is closed at both ends, for stamps tie at whole seconds.

    `within` is a further condition.
    """
    conditions = [within] if within else []
    if sobject.cursor:
        bounds = [(">=", since)] if since else []
        conditions += [
            f"{sobject.cursor} {operator} {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            for operator, moment in [*bounds, ("<=" if closed else "<", until)]
        ]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {','.join(fields)} FROM {sobject.name}{where}"
