"""Contracts with two causes of difference at once, so that neither may hide in the other.

They are deals of their own, sold for a year with one line, and three of every pair of causes.
"""

from collections.abc import Callable
from random import Random
from typing import Final

from pipelines.company.catalog import SEAT_STANDARD
from pipelines.company.plants import (
    FEWEST,
    Break,
    change_price,
    change_quantity,
    post_late,
    shift_dates,
)
from pipelines.company.recognition_plants import (
    hold_plan,
    journal_by_hand,
    recognize_at_once,
    sell_year,
)
from pipelines.company.selling import LATEST
from pipelines.company.story import Plant, Story, Version

Cause = Callable[[Story, Version, Random, int], None]


def plant_pairs(story: Story, seed: int) -> None:
    """Sell three contracts for every pair."""
    rng = Random(f"{seed} pairs")  # noqa: S311 - no secret
    known = [each for each in story.customers if each.since <= LATEST]
    for first, second in _PAIRS:
        rng.shuffle(known)
        for number in range(FEWEST):
            version = sell_year(story, known[number % len(known)], rng, SEAT_STANDARD)
            first(story, version, rng, number)
            second(story, version, rng, number)


def _breaking(reason_code: str, breaks: Break) -> Cause:
    """One of the breaks of `plants`, on the line of a version."""

    def cause(story: Story, version: Version, rng: Random, _: int) -> None:
        story.plants.append(Plant(reason_code, version.line, breaks(version.line, rng)))

    return cause


def _at_once(story: Story, version: Version, _: Random, __: int) -> None:
    recognize_at_once(story, version)


def _on_hold(_: Story, version: Version, rng: Random, number: int) -> None:
    hold_plan(version, rng, number)


_QUANTITY: Final = _breaking("quantity_mismatch", change_quantity)
_PRICE: Final = _breaking("price_mismatch", change_price)
_DATES: Final = _breaking("date_shift", shift_dates)
_LATE: Final = _breaking("posting_lag", post_late)
_PAIRS: Final[tuple[tuple[Cause, Cause], ...]] = (
    (_QUANTITY, _LATE),
    (_PRICE, _DATES),
    (_QUANTITY, _PRICE),
    (_PRICE, _at_once),
    (_QUANTITY, journal_by_hand),
    (_DATES, journal_by_hand),
    (_PRICE, _on_hold),
)
