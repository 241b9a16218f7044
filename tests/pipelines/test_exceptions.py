"""`tieout exceptions`: the queue, and the register of decisions."""

import csv
import io
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from exception_tables import CLEARED_ID, EXPIRED_ID, OPEN_ID, SUGGESTED_PAIR
from rich.console import Console
from small_warehouse import change_warehouse, make_warehouse, pass_gates

from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.exceptions import Selection, show_exceptions
from pipelines.exceptions_register import EXPLANATIONS, OVERRIDES, Decision, decide, link
from pipelines.publish import publish
from pipelines.register import Register

AGREED = Decision("The customer\npaid less, agreed", "Jane Doe")
SAME_DEAL = Decision("Keyed by hand", "Jane Doe", expires_on=date(2999, 12, 31))


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    made = make_warehouse(tmp_path_factory.mktemp("exceptions") / "data")
    pass_gates(made)
    publish(made, "run-1", "somewhere")
    return made


def empty(register: Register, folder: Path) -> Register:
    """A register of the same columns in a folder."""
    moved = replace(register, path=folder / register.path.name)
    moved.path.write_text(",".join(moved.columns) + "\n", encoding="utf-8")
    return moved


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return empty(EXPLANATIONS, tmp_path)


@pytest.fixture
def overrides(tmp_path: Path) -> Register:
    return empty(OVERRIDES, tmp_path)


def shown(paths: Paths, selection: Selection, *, as_json: bool = False) -> str:
    out = io.StringIO()
    show_exceptions(
        Console(file=out, width=100, highlight=False), paths, selection, as_json=as_json
    )
    return out.getvalue()


def decided(
    paths: Paths,
    register: Register,
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


def linked(
    paths: Paths,
    overrides: Register,
    *ids: str,
    decision: Decision = SAME_DEAL,
    selection: Selection | None = None,
    dry_run: bool = False,
) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, highlight=False)
    chosen = selection or Selection()
    link(console, paths, decision, ids, chosen, register=overrides, dry_run=dry_run)
    return " ".join(out.getvalue().split())


def rows(register: Register) -> list[dict[str, str]]:
    with register.path.open(encoding="utf-8", newline="") as file:
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


@pytest.mark.parametrize(
    "change",
    [
        "drop table marts.fct_exceptions",
        "alter table marts.fct_exceptions drop column suggested_record_id",
    ],
)
def test_a_snapshot_of_an_older_version_says_what_to_do(tmp_path: Path, change: str) -> None:
    made = make_warehouse(tmp_path)
    change_warehouse(made, change)
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
    paths: Paths, register: Register
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
    paths: Paths, register: Register
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
    paths: Paths, register: Register, changed: dict[str, Any], message: str
) -> None:
    ids = changed.pop("ids", ["a1"])

    with pytest.raises(TieoutError, match=message):
        decided(paths, register, *ids, **changed)
    assert rows(register) == []
    assert list(register.path.parent.iterdir()) == [register.path]


@pytest.mark.parametrize(
    "content", ["", "number,text\n1,x\n", f"{','.join(EXPLANATIONS.columns)}\nx,accepted\n"]
)
def test_a_register_that_is_none_is_left_alone(
    paths: Paths, register: Register, content: str
) -> None:
    register.path.write_text(content, encoding="utf-8")

    with pytest.raises(TieoutError, match="register of decisions"):
        decided(paths, register, "a1")
    assert register.path.read_text(encoding="utf-8") == content


def test_a_decision_without_a_number_is_named(paths: Paths, register: Register) -> None:
    row = "seven,assigned,x,price_mismatch,C-1,,Billing,Why,Joe,2026-01-01,,id"
    register.path.write_text(f"{','.join(register.columns)}\n{row}\n", encoding="utf-8")

    with pytest.raises(TieoutError, match=r"Row 1 of .* no number but 'seven'"):
        decided(paths, register, "a1")


def test_a_register_edited_by_hand_may_lack_its_last_line_break(
    paths: Paths, register: Register
) -> None:
    row = "7,assigned,x,price_mismatch,C-1,,Billing,Why,Joe,2026-01-01,,id"
    register.path.write_text(f"{','.join(register.columns)}\n{row}", encoding="utf-8")

    decided(paths, register, "a1")

    assert [row["decision_no"] for row in rows(register)] == ["7", "8"]
    assert Decimal(rows(register)[1]["amount_rpt"]) == Decimal("114.99")


@pytest.mark.parametrize("register_of_project", [EXPLANATIONS, OVERRIDES])
def test_the_registers_of_the_project_can_be_added_to(register_of_project: Register) -> None:
    register_of_project.rows()


def test_the_queue_shows_what_may_be_one_deal(paths: Paths) -> None:
    text = " ".join(shown(paths, Selection(suggested=True)).split())

    assert "1 exception, 1 material: 550.00 USD" in text
    assert "e5000000 customer 001B, item 9, amount 550.00 and 500.00" in text
    assert "tieout exceptions link e5000000 --by NAME" in text
    assert "one deal" not in shown(paths, Selection(code="price_mismatch"))


def test_a_suggestion_that_is_taken_is_an_override_of_the_crosswalk(
    paths: Paths, overrides: Register
) -> None:
    text = linked(paths, overrides, "e5")

    assert "amount 550.00 and 500.00" in text
    assert "1 link written to" in text
    row = rows(overrides)[0]
    assert row.pop("created_on") >= "2026-01-01"
    assert row == {
        "crm_record_id": SUGGESTED_PAIR[0],
        "erp_record_id": SUGGESTED_PAIR[1],
        "owner": "Jane Doe",
        "reason": "Keyed by hand",
        "expires_on": "2999-12-31",
    }


@pytest.mark.parametrize("code", ["missing_in_crm", "amendment_not_synced"])
def test_a_suggestion_is_taken_from_either_record(
    tmp_path: Path, overrides: Register, code: str
) -> None:
    made = make_warehouse(tmp_path)
    crm_record_id, erp_record_id = SUGGESTED_PAIR
    sides = (erp_record_id, crm_record_id, "crm")
    if code == "amendment_not_synced":
        sides = (crm_record_id, erp_record_id, "erp")
    change_warehouse(
        made,
        f"""
        update marts.fct_exceptions
        set
            reason_code = '{code}', cause_record_id = '{sides[0]}',
            suggested_record_id = '{sides[1]}', suggested_witness = '{sides[2]}'
        where exception_id = '{EXPIRED_ID}'
        """,
    )
    pass_gates(made)
    publish(made, "run-1", "somewhere")

    linked(made, overrides, "e5")

    row = rows(overrides)[0]
    assert (row["crm_record_id"], row["erp_record_id"]) == SUGGESTED_PAIR


def test_of_a_selection_only_suggestions_are_linked_and_a_dry_run_links_none(
    paths: Paths, overrides: Register
) -> None:
    of_contract = Selection(contract="C-2")
    assert "Covers 1 exception" in linked(paths, overrides, selection=of_contract, dry_run=True)
    assert rows(overrides) == []

    linked(paths, overrides, selection=of_contract)
    assert [row["erp_record_id"] for row in rows(overrides)] == [SUGGESTED_PAIR[1]]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"decision": replace(SAME_DEAL, expires_on=None)}, "needs a last day"),
        ({"decision": replace(SAME_DEAL, expires_on=date(2020, 1, 1))}, "2020-01-01"),
        ({"decision": replace(SAME_DEAL, by=" ")}, "needs a name"),
        ({"ids": ["a1"]}, r"like the record of a10+ \(price_mismatch\)"),
        ({"ids": []}, "either by their ids"),
        ({"ids": [], "selection": Selection(code="price_mismatch")}, "code=price_mismatch, sugg"),
    ],
)
def test_what_cannot_be_linked_is_refused_and_nothing_is_written(
    paths: Paths, overrides: Register, changed: dict[str, Any], message: str
) -> None:
    ids = changed.pop("ids", ["e5"])

    with pytest.raises(TieoutError, match=message):
        linked(paths, overrides, *ids, **changed)
    assert rows(overrides) == []


def test_what_is_linked_already_is_not_linked_twice(paths: Paths, overrides: Register) -> None:
    crm_record_id, erp_record_id = SUGGESTED_PAIR
    row = f"{crm_record_id[:15]},{erp_record_id},Joe,Phone,2026-01-01,2999-01-01\n"
    with overrides.path.open("a", encoding="utf-8") as file:
        file.write(row)

    with pytest.raises(TieoutError, match="Joe linked 802Bb0000000003 and 99 on 2026-01-01"):
        linked(paths, overrides, "e5")
    assert len(rows(overrides)) == 1
