"""`tieout exceptions`: the queue, and the register of decisions."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from exception_tables import CLEARED_ID, EXPIRED_ID, OPEN_ID
from rich.console import Console
from small_warehouse import change_warehouse, make_warehouse, pass_gates

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.exceptions import Selection, show_exceptions
from pipelines.exceptions_register import COLUMNS, REGISTER, Decision, decide
from pipelines.publish import publish

AGREED = Decision("The customer\npaid less, agreed", "Jane Doe")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = make_warehouse(tmp_path_factory.mktemp("exceptions") / "data")
    pass_gates(made)
    publish(made, "run-1", "somewhere")
    return made


@pytest.fixture
def register(tmp_path: Path) -> Path:
    file = tmp_path / "exception_explanations.csv"
    file.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    return file


def shown(paths: Paths, selection: Selection, *, as_json: bool = False) -> str:
    out = io.StringIO()
    show_exceptions(
        Console(file=out, width=100, highlight=False), paths, selection, as_json=as_json
    )
    return out.getvalue()


def decided(
    paths: Paths,
    register: Path,
    *ids: str,
    decision: Decision = AGREED,
    selection: Selection | None = None,
    dry_run: bool = False,
) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False)
    chosen = selection or Selection()
    decide(console, paths, decision, ids, chosen, register=register, dry_run=dry_run)
    return out.getvalue()


def rows(register: Path) -> list[dict[str, str]]:
    with register.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_queue_shows_what_is_open_the_largest_first(paths: Paths) -> None:
    text = shown(paths, Selection())
    lines = [" ".join(line.split()) for line in text.splitlines()]

    assert max(len(line.rstrip()) for line in text.splitlines()) <= 100
    assert lines[2].startswith("e5000000 missing_in_erp C-2 550.00 200 Integration expired:")
    assert "a1000000 price_mismatch C-2 114.99 31 Billing immaterial" in lines
    assert "2 exceptions, 1 material: 664.99 USD taken absolutely, 664.99 USD net" in lines
    assert "quantity_mismatch" not in text


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"status": "all"}, [EXPIRED_ID, OPEN_ID, CLEARED_ID]),
        ({"status": "cleared"}, [CLEARED_ID]),
        ({"status": "expired"}, [EXPIRED_ID]),
        ({"status": "explained"}, []),
        ({"owner": "billing"}, [OPEN_ID]),
        ({"code": "missing_in_erp"}, [EXPIRED_ID]),
        ({"cause": "Hand-off"}, [EXPIRED_ID]),
        ({"cause": "amount"}, [OPEN_ID]),
        ({"contract": "C-1"}, []),
        ({"customer": "bolt gmbh", "material": True}, [EXPIRED_ID]),
    ],
)
def test_the_queue_is_filtered(paths: Paths, wanted: dict[str, Any], found: list[str]) -> None:
    listed = json.loads(shown(paths, Selection(**wanted), as_json=True))

    assert [row["exception_id"] for row in listed] == found


def test_json_has_exact_amounts_and_the_evidence(paths: Paths) -> None:
    row = json.loads(shown(paths, Selection(code="price_mismatch"), as_json=True))[0]

    assert row["amount_rpt"] == "114.990"
    assert (row["crm_value"], row["erp_value"]) == ("1000.00", "900.00")
    assert row["first_seen_on"] == "2025-12-31"


def test_an_unknown_status_says_which_there_are(paths: Paths) -> None:
    with pytest.raises(TieoutError, match="no status opne") as raised:
        shown(paths, Selection("opne"))
    assert "expired" in raised.value.fix


def test_a_snapshot_without_exceptions_says_what_to_do(tmp_path: Path) -> None:
    made = make_warehouse(tmp_path)
    change_warehouse(made, "drop table marts.fct_exceptions")
    pass_gates(made)
    publish(made, "run-1", "somewhere")

    with pytest.raises(TieoutError) as raised:
        shown(made, Selection())
    assert "tieout run" in raised.value.fix


def test_an_explanation_keeps_the_amount_it_explains(paths: Paths, register: Path) -> None:
    text = decided(paths, register, "a1")

    row = rows(register)[0]
    assert "Covers 1 exception, 0 material: 114.99 USD" in " ".join(text.split())
    assert row.pop("decided_on") >= "2026-01-01"
    assert row == {
        "decision_no": "1",
        "decision": "accepted",
        "exception_id": OPEN_ID,
        "reason_code": "price_mismatch",
        "contract_number": "C-2",
        "amount_rpt": "114.990",
        "owner": "Billing",
        "explanation": "The customer paid less, agreed",
        "decided_by": "Jane Doe",
        "expires_on": "",
        "selected_by": "id",
    }


def test_a_bulk_decision_has_a_row_and_an_amount_for_each_it_covers(
    paths: Paths, register: Path
) -> None:
    decided(paths, register, "a1", "e5", "a1")
    text = decided(paths, register, selection=Selection(customer="Bolt GmbH"))

    assert "Covers 2 exceptions, 1 material: 664.99 USD" in " ".join(text.split())
    assert [
        (row["decision_no"], row["exception_id"], row["amount_rpt"], row["selected_by"])
        for row in rows(register)
    ] == [
        ("1", OPEN_ID, "114.990", "id"),
        ("1", EXPIRED_ID, "550.000", "id"),
        ("2", EXPIRED_ID, "550.000", "customer=Bolt GmbH"),
        ("2", OPEN_ID, "114.990", "customer=Bolt GmbH"),
    ]


def test_an_assignment_names_another_owner_and_explains_nothing(
    paths: Paths, register: Path
) -> None:
    decision = Decision("Deal desk asked", "Joe", owner="Sales Ops", accepted=False)
    decided(
        paths,
        register,
        decision=decision,
        selection=Selection(code="price_mismatch", cause="price"),
    )

    row = rows(register)[0]
    assert (row["decision"], row["owner"]) == ("assigned", "Sales Ops")
    assert row["selected_by"] == "code=price_mismatch, cause=price"


def test_a_dry_run_writes_nothing(paths: Paths, register: Path) -> None:
    assert "Covers 1 exception" in decided(paths, register, "a1", dry_run=True)
    assert rows(register) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"decision": Decision(" ", "Jane")}, "needs a reason"),
        ({"decision": Decision("Agreed", "")}, "needs a name"),
        ({"decision": Decision("Agreed", "Jane", expires_on=date(2020, 1, 1))}, "2020-01-01"),
        ({"ids": []}, "either by their ids"),
        ({"ids": [], "selection": Selection(material=True)}, "either by their ids"),
        ({"selection": Selection(code="price_mismatch")}, "either by their ids"),
        ({"ids": ["a"]}, "names several exceptions"),
        ({"ids": ["ffff"]}, "names no exception"),
        ({"ids": ["a2"]}, "was cleared on 2025-12-31"),
        ({"ids": [], "selection": Selection(code="date_shift")}, "No open exception has code="),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    paths: Paths, register: Path, changed: dict[str, Any], message: str
) -> None:
    ids = changed.pop("ids", ["a1"])

    with pytest.raises(TieoutError, match=message):
        decided(paths, register, *ids, **changed)
    assert rows(register) == []
    assert list(register.parent.iterdir()) == [register]


@pytest.mark.parametrize(
    "content", ["", "number,text\n1,x\n", f"{','.join(COLUMNS)}\nx,accepted\n"]
)
def test_a_register_that_is_none_is_left_alone(paths: Paths, register: Path, content: str) -> None:
    register.write_text(content, encoding="utf-8")

    with pytest.raises(TieoutError, match="register of decisions"):
        decided(paths, register, "a1")
    assert register.read_text(encoding="utf-8") == content


def test_a_register_edited_by_hand_may_lack_its_last_line_break(
    paths: Paths, register: Path
) -> None:
    row = "7,assigned,x,price_mismatch,C-1,,Billing,Why,Joe,2026-01-01,,id"
    register.write_text(f"{','.join(COLUMNS)}\n{row}", encoding="utf-8")

    decided(paths, register, "a1")

    assert [row["decision_no"] for row in rows(register)] == ["7", "8"]
    assert Decimal(rows(register)[1]["amount_rpt"]) == Decimal("114.99")


def test_the_register_of_the_project_has_the_columns_that_are_written() -> None:
    assert REGISTER.read_text(encoding="utf-8").splitlines()[0] == ",".join(COLUMNS)
