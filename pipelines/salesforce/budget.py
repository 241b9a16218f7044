"""The org's daily API requests: read from every answer, and a reserve left to others."""

import re
from dataclasses import dataclass
from typing import Final

from pipelines.errors import SourceError
from pipelines.salesforce.settings import SOURCE

LIMIT_HEADER: Final = "Sforce-Limit-Info"
# `api-usage=18/5000`, alone or followed by `; per-app-api-usage=17/250(appName=x)`.
_USAGE: Final = re.compile(r"(per-app-)?api-usage=(\d+)/(\d+)")


class BudgetError(SourceError):
    """Going on would use up the API requests that others need."""


@dataclass(frozen=True)
class Quota:
    """Requests used of those granted, in a rolling 24 hours.

    Attributes:
        owner: `org`, or `app` for the connected app's own quota.
    """

    owner: str
    used: int
    granted: int

    def __str__(self) -> str:
        """As a person reads it."""
        return f"{self.used:,} of the {self.owner}'s {self.granted:,} API requests are used"


def read_quotas(header: str) -> tuple[Quota, ...]:
    """Quotas that a limits header tells of; none if there is no such header."""
    return tuple(
        Quota("app" if app else "org", int(used), int(granted))
        for app, used, granted in _USAGE.findall(header)
        if int(granted)
    )


class Budget:
    """What is left, by the latest answer."""

    def __init__(self, reserve_percent: int) -> None:
        self.reserve_percent = reserve_percent
        self.quotas: tuple[Quota, ...] = ()

    def note(self, header: str) -> None:
        """Take the quotas of an answer."""
        self.quotas = read_quotas(header) or self.quotas

    def check(self, object_name: str | None) -> None:
        """Stop before the reserve is touched.

        Raises:
            BudgetError: less than the reserve is left.
        """
        for quota in self.quotas:
            left = quota.granted - quota.used
            if left * 100 < quota.granted * self.reserve_percent:
                raise BudgetError(
                    f"{quota}; the reserve of {self.reserve_percent} % is left to others.",
                    source=SOURCE,
                    object_name=object_name,
                    fix="Load again when the rolling 24-hour window frees requests (what is loaded "
                    "is kept), raise the quota, or lower sources.salesforce.api_reserve_percent.",
                )
