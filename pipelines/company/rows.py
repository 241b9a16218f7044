"""How rows of either system are made: every column of the spec is a key, unset ones are null."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

# Datetimes are aware and in UTC.
Value = str | int | Decimal | bool | date | datetime | None
Row = dict[str, Value]

ACCOUNT_TIME_ZONE: Final = "America/Los_Angeles"
NOW: Final = datetime(2026, 1, 1, 5, tzinfo=UTC)
LATEST_STAMP: Final = NOW - timedelta(hours=1)
_ZONE: Final = ZoneInfo(ACCOUNT_TIME_ZONE)
_WORKING_MINUTES: Final = 6 * 60


class Tables:
    """Rows by object or table, with the columns of its spec.

    Attributes:
        rows: name -> rows in the order they were added.
    """

    def __init__(self, columns: Mapping[str, Mapping[str, str]]) -> None:
        """Start empty.

        Args:
            columns: name -> column name -> type, all columns of the spec.
        """
        self._blank: dict[str, Row] = {
            name: dict.fromkeys(fields) for name, fields in columns.items()
        }
        self.rows: dict[str, list[Row]] = {name: [] for name in columns}

    def add(self, name: str, values: Row) -> None:
        """Add a row.

        Raises:
            KeyError: a value is given for a column that the spec does not have.
        """
        blank = self._blank[name]
        row = blank | values
        if len(row) > len(blank):
            raise KeyError(f"{name}: no such column: {sorted(set(values) - set(blank))}")
        self.rows[name].append(row)


def stamp(day: date, number: int, hours_later: int = 0) -> datetime:
    """A moment of a working day in the account's time zone, as UTC, never after the last stamp.

    Args:
        day: the day in the account's time zone.
        number: spreads records over the day, from 8 o'clock on.
        hours_later: added to that.
    """
    minutes = number * 7919 % _WORKING_MINUTES + hours_later * 60
    local = datetime.combine(day, time(8), _ZONE) + timedelta(minutes=minutes)
    return min(local.astimezone(UTC), LATEST_STAMP)


def system_fields(record_id: str, day: date, number: int) -> Row:
    """Id and stamps of a Salesforce record that was made on a day and not changed since."""
    moment = stamp(day, number)
    return {
        "Id": record_id, "IsDeleted": False, "CreatedDate": moment, "LastModifiedDate": moment,
        "SystemModstamp": moment,
    }  # fmt: skip
