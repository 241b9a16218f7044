"""What a system's row is, and the moments it was made and changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from pipelines.company.market import LATEST_STAMP

Value = str | int | Decimal | bool | date | datetime | None
Row = dict[str, Value]
Tables = dict[str, list[Row]]

# Some records are touched again later: by a person, or by an automation alone.
TOUCHED_PERCENT: Final = 8
AUTOMATED_PERCENT: Final = 6


@dataclass(frozen=True, slots=True)
class Stamps:
    """Made, last changed by a user, last changed by anyone; aware UTC, whole seconds."""

    created: datetime
    modified: datetime
    system: datetime


def stamps(rng: Random, created: datetime, modified: datetime) -> Stamps:
    """Stamps of a record made and last changed for a reason, at times touched again later."""
    if rng.randrange(100) < TOUCHED_PERCENT:
        modified = later(rng, modified)
    system = later(rng, modified) if rng.randrange(100) < AUTOMATED_PERCENT else modified
    return Stamps(min(created, LATEST_STAMP), min(modified, LATEST_STAMP), min(system, LATEST_STAMP))


def later(rng: Random, moment: datetime) -> datetime:
    """Some moment within the next 60 days, not after the latest stamp."""
    room = max(0, int((LATEST_STAMP - moment).total_seconds()))
    return moment + timedelta(seconds=rng.randint(0, min(room, 60 * 86_400)))


def system_fields(record_id: str, when: Stamps) -> Row:
    """System fields of a Salesforce record."""
    return {
        "Id": record_id,
        "IsDeleted": False,
        "CreatedDate": when.created,
        "LastModifiedDate": when.modified,
        "SystemModstamp": when.system,
    }
