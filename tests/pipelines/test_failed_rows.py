"""What a person reads when a data test fails."""

from pathlib import Path

import duckdb
import pytest

from pipelines.config import Paths
from pipelines.failed_rows import describe, opening_comment

EXPIRED = """

-- Fails on an override that has expired: renew it
-- or remove it.
with overrides as (select * from (values ('802A', date '2024-12-31')) as v (crm_record_id, expires))
select crm_record_id, null as owner, expires from overrides
"""


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    duckdb.connect(tmp_path / "warehouse.duckdb").close()
    return Paths(tmp_path)


def test_the_sentence_and_the_first_rows_are_named(paths: Paths) -> None:
    assert describe(paths, {"overrides": EXPIRED}) == {
        "overrides": "Fails on an override that has expired: renew it or remove it. "
        "For example: crm_record_id 802A, expires 2024-12-31."
    }


def test_a_query_that_no_longer_runs_is_left_out(paths: Paths) -> None:
    assert describe(paths, {"gone": "select * from no_such_table"}) == {}


def test_no_failed_test_opens_no_warehouse(tmp_path: Path) -> None:
    assert describe(Paths(tmp_path / "nowhere"), {}) == {}


def test_a_query_without_comment_has_no_sentence() -> None:
    assert opening_comment("select 1") == ""
