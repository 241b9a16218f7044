"""The oracle's answer as text, and where two answers to the same cases differ."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from oracle import answer_case

from pipelines.cases.comparison import KEYS

AMOUNTS = ("amount", "catch_up")


def as_text(answer: dict[str, Any]) -> dict[str, Any]:
    """Fractions as decimal strings, as a result file has them."""

    def text(row: dict[str, Any]) -> dict[str, Any]:
        return {
            name: str(Decimal(value.numerator) / value.denominator) if name in AMOUNTS else value
            for name, value in row.items()
        }

    return {
        name: rows if name == "id" else [text(row) for row in rows] for name, rows in answer.items()
    }


def differences(case: dict[str, Any], result: dict[str, Any], lists: list[str]) -> list[str]:
    """Rows of a result that the oracle answers differently; rows only one has count when not 0."""
    found = []
    answer = answer_case(case)
    for name in lists:
        column = "catch_up" if name == "modifications" else "amount"
        mine, theirs = (
            {tuple(row.get(key) for key in KEYS[name]): row for row in rows[name]}
            for rows in (answer, result)
        )
        for key in sorted(mine.keys() | theirs.keys(), key=str):
            oracle, engine = mine.get(key, {}), theirs.get(key, {})
            same = Fraction(oracle.get(column, 0)) == Fraction(engine.get(column, 0))
            if not same or oracle.get("treatment") != engine.get("treatment"):
                place = " ".join(str(part) for part in key if part is not None)
                found.append(
                    f"{case['id']} {name} {place}: oracle {_said(oracle, column)}, "
                    f"engine {_said(engine, column)}"
                )
    return found


def _said(row: dict[str, Any], column: str) -> str:
    if not row:
        return "no row"
    amount = Fraction(row[column])
    return f"{row.get('treatment', '')} {amount}".strip()
