"""How many expected rows of a case file the results agree with."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from pipelines.cases.held import Row

KEYS: Final = {
    "allocation": ("contract_id", "line_id", "modification_id", "basis"),
    "revenue": ("contract_id", "period_id", "line_id", "basis", "view"),
    "balances": ("contract_id", "as_of", "measure", "period_id", "basis"),
    "modifications": ("contract_id", "modification_id"),
    "bookings": ("contract_id", "modification_id", "line_id", "period_id", "measure"),
    "invoices": ("contract_id", "modification_id", "period_id", "line_id", "measure"),
}
DEFAULTS: Final = {"basis": "contract", "view": "posted"}
ZERO_MAY_BE_MISSING: Final = frozenset({"revenue", "balances"})


@dataclass(frozen=True)
class Difference:
    """One expected row that the results do not meet."""

    case_id: str
    list_name: str
    key: dict[str, str]
    expected: str
    got: str

    def __str__(self) -> str:
        """The row and both values, in one line."""
        place = " ".join(f"{name}={value}" for name, value in self.key.items())
        return f"{self.case_id} {self.list_name} {place}: expected {self.expected}, got {self.got}"


@dataclass
class Comparison:
    """Counts of one run.

    Attributes:
        expected: scope and list -> expected rows.
        agreed: the same -> rows that agree.
        cases: scope -> cases with expectations.
        cases_agreed: scope -> cases of which every row agrees.
        differences: the other rows.
    """

    expected: Counter[tuple[str, str]] = field(default_factory=Counter)
    agreed: Counter[tuple[str, str]] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    cases_agreed: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def core_passed(self) -> bool:
        """Whether every core case agrees in every row."""
        return self.cases["core"] == self.cases_agreed["core"]


def compare(cases: list[Row], results: list[Row]) -> Comparison:
    """Compare results with what the cases expect.

    Args:
        cases: cases as read; those without `expect` are left out.
        results: one object per case; a case without one differs in every row.
    """
    found = Comparison()
    answers = {result["id"]: result for result in results}
    for case in cases:
        if "expect" not in case:
            continue
        scope, before = case["scope"], len(found.differences)
        found.cases[scope] += 1
        for name in KEYS:
            _compare_list(found, case, name, answers.get(case["id"], {}).get(name, []))
        found.cases_agreed[scope] += before == len(found.differences)
    return found


def _compare_list(found: Comparison, case: Row, name: str, rows: list[Row]) -> None:
    answers: dict[tuple[str | None, ...], list[Row]] = defaultdict(list)
    for row in rows:
        answers[_key(name, row)].append(row)
    for wanted in case["expect"][name]:
        counted = (case["scope"], name)
        found.expected[counted] += 1
        got = answers.get(_key(name, wanted), [])
        if _agrees(name, wanted, got, answered=bool(rows)):
            found.agreed[counted] += 1
            continue
        parts = zip(KEYS[name], _key(name, wanted), strict=True)
        found.differences.append(
            Difference(
                case["id"],
                name,
                {column: value for column, value in parts if value is not None},
                _said(name, wanted),
                " and ".join(_said(name, row) for row in got) or "no row",
            )
        )


def _agrees(name: str, wanted: Row, got: list[Row], *, answered: bool) -> bool:
    column = "catch_up" if name == "modifications" else "amount"
    tolerance, amount = Decimal(wanted["tolerance"]), Decimal(wanted[column])
    if not got:
        return name in ZERO_MAY_BE_MISSING and answered and abs(amount) <= tolerance
    if len(got) > 1 or got[0].get("treatment") != wanted.get("treatment"):
        return False
    return abs(Decimal(got[0][column]) - amount) <= tolerance


def _key(name: str, row: Row) -> tuple[str | None, ...]:
    return tuple(row.get(column) or DEFAULTS.get(column) for column in KEYS[name])


def _said(name: str, row: dict[str, Any]) -> str:
    return f"{row['treatment']} {row['catch_up']}" if name == "modifications" else row["amount"]
