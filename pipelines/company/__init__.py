"""The embedded company: the same deals as Salesforce and NetSuite keep them, and the answer key.

Data flow: a random story (`deals`, `amendments`) -> breaks put into it (`plants`) -> deals of less
common shapes (`shapes`) and breaks of those (`shape_plants`) -> records the systems cut or link in
their own ways (`link_plants`), prices that vary (`shapes_variable`), contracts that are not
recognized by their terms (`recognition_plants`), deals that count as ARR otherwise for Sales and
Finance (`arr_shapes`) and deals whose lines the two systems keep differently (`line_plants`) -> the
ERP's recognition plans (`plans`) -> rows of both systems
(`salesforce`, `netsuite`) and what the reconciliation must find in them (`answers`).

Test truth, kept apart on purpose: the engine rule and the chain are written here once more, in
plain integers, and share nothing with the models that compute the same numbers from the loaded
rows. Same seed and number of customers, same rows.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from pipelines.company.answer_key import AnswerKey
from pipelines.company.answers import answer
from pipelines.company.arr_shapes import add_arr_shapes
from pipelines.company.balance_answers import balance_rows
from pipelines.company.deals import tell
from pipelines.company.line_plants import plant_lines
from pipelines.company.link_plants import plant_links
from pipelines.company.market import AS_OF
from pipelines.company.netsuite import netsuite_rows
from pipelines.company.pair_plants import plant_pairs
from pipelines.company.plans import plan
from pipelines.company.plants import plant
from pipelines.company.recognition_plants import plant_recognition
from pipelines.company.rows import ACCOUNT_TIME_ZONE, NOW, Row, Value
from pipelines.company.salesforce import salesforce_rows
from pipelines.company.shape_plants import plant_shapes
from pipelines.company.shapes import add_shapes
from pipelines.company.shapes_variable import add_variable

__all__ = ["AnswerKey", "Company", "Row", "Value", "build_company"]


@dataclass(frozen=True)
class Company:
    """A company at the end of 2025.

    Attributes:
        as_of: the day its books are read at.
        now: the moment both systems are seen at, aware, in UTC.
        account_time_zone: IANA name of the NetSuite account's time zone.
        salesforce: object API name -> rows by API field name, all fields of the spec.
        netsuite: table name -> rows by column name, all columns of the spec.
        answer_key: what the reconciliation must find.
    """

    seed: int
    customers: int
    as_of: date
    now: datetime
    account_time_zone: str
    salesforce: dict[str, list[Row]]
    netsuite: dict[str, list[Row]]
    answer_key: AnswerKey


def build_company(customers: int = 300, seed: int = 42) -> Company:
    """Build a company.

    Args:
        customers: number of accounts; from 60 on, at least three breaks of every kind are in it.
        seed: decides everything else.
    """
    story = tell(customers, seed)
    plant(story, seed)
    first = len(story.contracts) + 1
    add_shapes(story, seed)
    plant_shapes(story, first)
    plant_links(story, seed)
    add_variable(story, seed)
    plant_recognition(story, seed)
    plant_pairs(story, seed)
    add_arr_shapes(story, seed)
    plant_lines(story, seed)
    planned = plan(story)
    netsuite, books = netsuite_rows(story, planned)
    return Company(
        seed=seed,
        customers=customers,
        as_of=AS_OF,
        now=NOW,
        account_time_zone=ACCOUNT_TIME_ZONE,
        salesforce=salesforce_rows(story),
        netsuite=netsuite,
        answer_key=replace(
            answer(story, planned, books.line_keys), balances=balance_rows(story, planned, books)
        ),
    )
