"""`tieout policy`: the memo is what the published snapshot says."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from small_warehouse import change_warehouse, make_warehouse, pass_gates

from pipelines.config import PROJECT_ROOT, Paths
from pipelines.errors import TieoutError
from pipelines.policy_memo import policy_memo, show_policy
from pipelines.publish import publish

POLICY_TABLES = (
    """
    create table core.dim_revenue_policy as
    select * from (values
        ('daily', true, date '2020-01-01', 'Accounting', 'Each day is alike (25-31)'),
        ('level', false, date '2024-01-01', 'Accounting', 'One service (25-31)'),
        ('spare', false, date '2024-01-01', 'Accounting', 'For later')
    ) as v (policy_id, is_default, effective_from, owner, rationale)
    """,
    """
    create table core.dim_policy_setting as
    select * from (values
        ('daily', 1, 'Ramps', 'ramp', 'contract', 'as_priced', 'As each step is priced.', '25-31'),
        ('level', 1, 'Ramps', 'ramp', 'contract', 'straight_line', 'Evenly.', '32-28'),
        ('spare', 1, 'Ramps', 'ramp', 'contract', 'straight_line', 'Evenly.', '32-28'),
        ('daily', 2, 'Spreading', 'proration', 'line', 'daily', 'By days | exactly.', '25-31'),
        ('level', 2, 'Spreading', 'proration', 'line', 'daily', 'By days | exactly.', '25-31'),
        ('spare', 2, 'Spreading', 'proration', 'line', 'daily', 'By days | exactly.', '25-31')
    ) as v (
        policy_id, choice_no, choice, setting, setting_level, setting_value, meaning, paragraph
    )
    """,
    """
    create table core.dim_policy_assignment as
    select * from (values
        (1, 'contract', 'C-2', 'K2', 'level', date '2024-06-01', null, 'Controller', 'One deal'),
        (2, 'line', '802L-1', 'L-1', 'level', date '2030-01-01', date '2030-12-31', 'Controller',
            'Reserved'),
        (3, 'product', 'IMPL', 'P2', 'level', date '2024-01-01', null, 'Controller', 'Alike')
    ) as v (
        assignment_no, scope, record_id, record_key, policy_id, effective_from, effective_to,
        owner, rationale
    )
    """,
    """
    create table core.dim_recognition_policy as
    select
        'Recurring' as product_group, 'ratable' as recognition_pattern, 'daily' as proration,
        'none' as allocation, 'Accounting' as owner, 'A series' as rationale
    """,
    """
    create table marts.fct_line_policies as
    select *, cast(amount as decimal(18, 3)) as allocated_rpt from (values
        ('V1', 'L-1', 'K1', 'P1', 'daily', 'daily', null, '1200'),
        ('V2', 'L-2', 'K2', 'P1', 'level', 'level', 1, '1100'),
        ('V3', 'L-3', 'K2', 'P2', 'level', 'level', 1, '550.5'),
        ('V4', 'L-3', 'K2', 'P2', 'level', 'level', 1, '-0.5')
    ) as v (
        contract_line_version_id, contract_line_id, contract_id, product_id, policy_id,
        contract_policy_id, assignment_no, amount
    )
    """,
)


def published(data: Path, *statements: str) -> Paths:
    paths = make_warehouse(data)
    change_warehouse(paths, *statements)
    pass_gates(paths)
    publish(paths, "run-1", "somewhere")
    return paths


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return published(tmp_path_factory.mktemp("policy") / "data", *POLICY_TABLES)


@pytest.fixture(scope="module")
def memo(paths: Paths) -> str:
    return policy_memo(paths)


def test_each_choice_shows_the_default_and_what_deviates(memo: str) -> None:
    assert (
        "| `ramp` | contract | `as_priced` | As each step is priced. | 25-31 |\n\n"
        "Under `level` ramp is `straight_line`: Evenly. 2 lines, 1,650.00 USD.\n" in memo
    )


def test_a_setting_that_does_not_differ_is_no_deviation(memo: str) -> None:
    assert memo.count("Under `") == 1


def test_a_bar_in_a_text_does_not_break_the_table(memo: str) -> None:
    assert "By days \\| exactly." in memo


def test_each_policy_in_use_has_owner_date_lines_and_amount(memo: str) -> None:
    assert "| `daily` (default) | Accounting | 2020-01-01 | 1 | 1 | 1,200.00 |" in memo
    assert "| `level` | Accounting | 2024-01-01 | 2 | 1 | 1,650.00 |" in memo
    assert "- `level`: One service (25-31)." in memo
    assert "Not in use: `spare`." in memo


def test_each_assignment_has_its_record_and_what_it_decided(memo: str) -> None:
    assert "| 1 | contract | C-2 | `level` | 2 | 1,650.00 |" in memo
    assert "| 2 | line | C-1, Platform fee (802L-1) | `level` | 0 | 0.00 |" in memo
    assert "| 3 | product | Implementation (IMPL) | `level` | 0 | 0.00 |" in memo
    assert "No. 2, Controller, for contracts signed from 2030-01-01 to 2030-12-31: Reserved" in memo


def test_the_memo_is_shown_and_written(paths: Paths, memo: str, tmp_path: Path) -> None:
    out = io.StringIO()

    show_policy(Console(file=out, width=100), paths, tmp_path / "memo.md")

    assert (tmp_path / "memo.md").read_text(encoding="utf-8") == memo
    assert "Revenue policies in force" in out.getvalue()
    assert "1,650.00" in out.getvalue()


def test_a_file_that_cannot_be_written_is_named(paths: Paths, tmp_path: Path) -> None:
    with pytest.raises(TieoutError, match="no_folder"):
        show_policy(Console(file=io.StringIO()), paths, tmp_path / "no_folder" / "memo.md")


def test_a_snapshot_without_policies_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TieoutError) as raised:
        policy_memo(published(tmp_path / "data"))
    assert "tieout run" in raised.value.fix


def test_every_value_of_every_setting_is_explained_and_accepted() -> None:
    """What a case file may choose, what the seed accepts and what the memo explains are one."""
    explained = values_by_setting(row for row in seed("policy_choices") if row["paragraph"])

    assert explained == accepted_values()
    assert explained == case_values()


def test_every_policy_names_who_why_and_the_paragraph() -> None:
    for row in seed("revenue_policies"):
        assert row["owner"]
        assert "ASC 606" in row["rationale"]


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT_ROOT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values_by_setting(rows: Any) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        if row["setting_level"] != "fixed" and row["setting_value"] != "*":
            found.setdefault(row["setting"], set()).add(row["setting_value"])
    return found


def accepted_values() -> dict[str, set[str]]:
    import yaml  # type: ignore[import-untyped]  # noqa: PLC0415

    seeds = yaml.safe_load((PROJECT_ROOT / "seeds" / "_seeds.yml").read_text(encoding="utf-8"))
    policies = next(one for one in seeds["seeds"] if one["name"] == "revenue_policies")
    return {
        column["name"]: set(test["accepted_values"]["arguments"]["values"])
        for column in policies["columns"]
        for test in column["data_tests"]
        if isinstance(test, dict)
    }


def case_values() -> dict[str, set[str]]:
    """Settings with a list of values; `none` says that a case has no time-based line."""
    schema = PROJECT_ROOT / "pipelines" / "cases" / "case.schema.json"
    properties = json.loads(schema.read_text(encoding="utf-8"))["$defs"]["policy"]["properties"]
    values = {
        name: set(described["enum"])
        for name, described in properties.items()
        if "enum" in described and name != "currency_decimals"
    }
    values["proration"].discard("none")
    return values
