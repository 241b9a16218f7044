"""What a case file may not contain, said so that a person can mend it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, order=True)
class Held:
    """Why a case, or one contract of it, is kept out of the run.

    Attributes:
        case_id: the case.
        contract_id: the contract, or empty when the whole case is held.
        code: the kind of defect, one word or two with an underscore.
        table: table of the case file, or empty.
        row: identifier of the row, or empty.
        field: column, or empty.
        message: what is wrong, one sentence.
        fix: what to do about it, one sentence.
    """

    case_id: str
    contract_id: str
    code: str
    table: str
    row: str
    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        """Where, what and the fix, in one line."""
        place = " ".join(
            f"{label} {value}"
            for label, value in (
                ("case", self.case_id),
                ("contract", self.contract_id),
                ("table", self.table),
                ("row", self.row),
                ("field", self.field),
            )
            if value
        )
        return f"[{place}] {self.code}: {self.message} Fix: {self.fix}"

    def as_json(self) -> dict[str, str]:
        """The same as a row of the result file."""
        return asdict(self)


@dataclass(frozen=True)
class Checked:
    """A case file after the checks.

    Attributes:
        cases: what runs, without the contracts that are held.
        held: why the others do not, in file order.
    """

    cases: list[Row]
    held: list[Held]


CONTRACT_TABLES = ("contracts", "lines", "bundles", "costs", "events")


def without(case: Row, contract_ids: Iterable[str]) -> Row:
    """The case without some of its contracts and everything that belongs to them."""
    gone = set(contract_ids)
    kept = {
        table: [row for row in case[table] if row.get("contract_id") not in gone]
        for table in CONTRACT_TABLES
    }
    lines = {row["line_id"] for row in kept["lines"]}
    bands = [row for row in case["rate_bands"] if row["line_id"] in lines]
    return {**case, **kept, "rate_bands": bands}
