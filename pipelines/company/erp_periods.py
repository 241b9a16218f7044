"""The ERP's calendar: months, quarters, years and one adjustment period a year."""

from datetime import date
from typing import Final

from pipelines.company.erp_ids import Books
from pipelines.company.market import (
    MONTHS_PER_QUARTER,
    MONTHS_PER_YEAR,
    month_end,
    month_of,
    month_start,
    period_name,
)
from pipelines.company.recognition import closed_on
from pipelines.company.rows import stamp

YEARS: Final = range(2022, 2031)
FIRST_ID: Final = 90
QUARTER_STARTS: Final = (0, 3, 6, 9)


def add_periods(books: Books) -> None:
    """All periods; ids follow the tree (year, quarter, months), so months have gaps."""
    number = FIRST_ID
    for year in YEARS:
        first = year * MONTHS_PER_YEAR
        number += 1
        year_id = number
        _add(books, year_id, f"FY {year}", (first, first + 11), "isyear", None)
        for quarter in QUARTER_STARTS:
            number += 1
            quarter_id = number
            name = f"Q{quarter // MONTHS_PER_QUARTER + 1} {year}"
            _add(books, quarter_id, name, (first + quarter, first + quarter + 2), "isquarter",
                 year_id)  # fmt: skip
            for month in range(first + quarter, first + quarter + MONTHS_PER_QUARTER):
                number += 1
                books.periods[month] = number
                _add(books, number, period_name(month), (month, month), "isposting", quarter_id)
        number += 1
        _add(books, number, f"Adj {year}", (first + 11, first + 11), "isadjust", year_id)


def _add(  # noqa: PLR0913, PLR0917 - the columns of one row
    books: Books, period_id: int, name: str, months: tuple[int, int], kind: str, parent: int | None
) -> None:
    """One period.

    Args:
        books: the account.
        period_id: its id.
        name: its name.
        months: first and last month.
        kind: the flag that is set; an adjustment period takes postings too.
        parent: id of the period it belongs to.
    """
    first, last = months
    closed_day = closed_on(last)
    made = date(YEARS[0], 1, 1)
    books.tables.add("accountingperiod", {
        "id": period_id, "periodname": name, "startdate": month_start(first),
        "enddate": month_end(last), "isposting": kind in ("isposting", "isadjust"),
        "isadjust": kind == "isadjust", "isquarter": kind == "isquarter",
        "isyear": kind == "isyear", "closed": closed_day is not None, "closedondate": closed_day,
        "alllocked": closed_day is not None, "parent": parent,
        "lastmodifieddate": stamp(closed_day or made, month_of(made) + period_id),
    })  # fmt: skip
