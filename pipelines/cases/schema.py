"""First check of a case file: its JSON, and each row against `case.schema.json`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from pipelines.cases.held import CONTRACT_TABLES, Checked, Held, Row, without
from pipelines.errors import TieoutError

SCHEMA: Final = Path(__file__).with_name("case.schema.json")
ROW_IDS: Final = {
    "contracts": "contract_id",
    "lines": "line_id",
    "events": "event_id",
    "rate_bands": "line_id",
    "bundles": "bundle_id",
    "fx_rates": "on",
    "costs": "cost_id",
    "periods": "period_id",
    "as_of": "as_of",
}
LONGEST_VALUE: Final = 60


def read_cases(path: Path) -> Checked:
    """Read a case file and hold what is off its schema.

    A row that names its contract holds that contract; anything else holds its case.

    Args:
        path: a JSON file with a list of cases.

    Raises:
        TieoutError: the file cannot be read or is not a list of cases.
    """
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = Draft202012Validator(
        {"$ref": "#/$defs/case", "$defs": schema["$defs"]},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    cases: list[Row] = []
    held: list[Held] = []
    seen: set[str] = set()
    for position, case in enumerate(_load(path), start=1):
        found = list(_defects(case, position, validator))
        case_id = _case_id(case, position)
        if case_id in seen:
            found.append(_twice(case_id))
        seen.add(case_id)
        held += found
        if all(defect.contract_id for defect in found):
            kept = without(case, {defect.contract_id for defect in found})
            if kept["contracts"]:
                cases.append(kept)
    return Checked(cases, held)


def _load(path: Path) -> list[Any]:
    try:
        cases = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TieoutError(
            f"The case file cannot be read: {error}.",
            fix="Give a file of JSON in UTF-8, described in docs/cases.md.",
            source="cases",
            object_name=path.name,
        ) from error
    if not isinstance(cases, list):
        raise TieoutError(
            "The case file is not a list of cases.",
            fix="Put the cases into one JSON list, also when there is only one.",
            source="cases",
            object_name=path.name,
        )
    return cases


def _case_id(case: Any, position: int) -> str:
    name = case.get("id") if isinstance(case, dict) else None
    return name if isinstance(name, str) and name else f"number {position} of the file"


def _twice(case_id: str) -> Held:
    return Held(
        case_id, "", "duplicate", "", "", "id",
        "Another case of the file has this id.",
        "Give every case an id of its own.",
    )  # fmt: skip


def _defects(case: Any, position: int, validator: Draft202012Validator) -> Iterator[Held]:
    for error in sorted(validator.iter_errors(case), key=lambda found: list(map(str, found.path))):
        yield _held(case, position, error)


def _held(case: Any, position: int, error: ValidationError) -> Held:
    path = list(error.absolute_path)
    table, row, field = "", "", ""
    contract_id = ""
    names = [step for step in path if isinstance(step, str)]
    rows = [step for step in path if isinstance(step, int)]
    if names:
        table = names[1] if names[0] in {"ask", "expect"} and len(names) > 1 else names[0]
    if table == "policy" or not rows:
        field = names[-1] if len(names) > 1 or table == "policy" else ""
    else:
        field = names[-1] if isinstance(path[-1], str) else ""
        row, contract_id = _row(case, path, table)
    if error.validator in {"required", "additionalProperties"}:
        message = f"A column is missing or unknown: {error.message}."
        fix = "Give every column of the table and no other; a column that does not apply is null."
    elif error.validator == "enum":
        message = f"{_short(error.instance)} is not a value of {field or 'this column'}."
        fix = f"Use one of {', '.join(map(str, cast(list[Any], error.validator_value)))}."
    else:
        message = f"{_short(error.instance)} does not fit: {_rule(error)}."
        fix = "Write amounts as decimal strings, dates as YYYY-MM-DD, flags as true or false."
    return Held(
        _case_id(case, position), contract_id, "off_schema", table, row, field, message, fix
    )


def _row(case: Any, path: list[Any], table: str) -> tuple[str, str]:
    """Identifier of the row that the path leads to, and the contract it holds (or empty)."""
    row: Any = case
    for step in path:
        row = row[step]
        if isinstance(step, int):
            break
    if not isinstance(row, dict):
        return "", ""
    name = row.get(ROW_IDS.get(table, ""))
    contract_id = row.get("contract_id")
    known = {
        contract.get("contract_id")
        for contract in case.get("contracts") or ()
        if isinstance(contract, dict)
    }
    holds_contract = path[0] in CONTRACT_TABLES and contract_id in known
    return (
        name if isinstance(name, str) else "",
        contract_id if holds_contract and isinstance(contract_id, str) else "",
    )


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def _rule(error: ValidationError) -> str:
    if error.validator == "type":
        wanted = error.validator_value
        return f"it must be {' or '.join(wanted) if isinstance(wanted, list) else wanted}"
    if error.validator == "pattern":
        return f"it must look like {error.validator_value}"
    if error.validator == "format":
        return f"it must be a {error.validator_value} of the calendar"
    return str(error.message).replace(_short(error.instance), "it")
