import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.netsuite.answers import exact_page, fast_page

COLUMNS = ("id", "amount", "memo")
# JSON text cannot hold half of a surrogate pair; SuiteQL sends UTF-8.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ROW = st.dictionaries(st.sampled_from((*COLUMNS, "other")), TEXT, max_size=4)


def body(*rows: Any, **more: Any) -> bytes:
    items = [{"links": [], **row} if isinstance(row, dict) else row for row in rows]
    return json.dumps({"links": [], "count": len(rows), "items": items, **more}).encode()


@given(st.lists(ROW, max_size=5), st.booleans(), st.booleans())
@settings(deadline=None)
def test_arrow_reads_an_answer_as_python_does(
    rows: list[dict[str, str]], more: bool, ascii_only: bool
) -> None:
    answer = {"hasMore": more, "items": [{**row, "links": []} for row in rows]}
    text = json.dumps(answer, ensure_ascii=ascii_only).encode()
    fast = fast_page(text, COLUMNS)
    assert fast is not None
    exact = exact_page(json.loads(text), COLUMNS)
    assert fast.table.to_pylist() == exact.table.to_pylist()
    assert fast.table.schema == exact.table.schema
    assert fast.has_more == exact.has_more == more


def test_null_absent_and_empty_are_all_null() -> None:
    page = fast_page(body({"id": "1", "amount": None}, {"id": "2", "memo": ""}), COLUMNS)
    assert page is not None
    assert page.table.to_pylist() == [
        {"id": "1", "amount": None, "memo": None},
        {"id": "2", "amount": None, "memo": None},
    ]
    assert not page.has_more


@pytest.mark.parametrize(
    "content",
    [
        body({"id": 1}),
        body({"id": "1", "amount": 1.1}),
        body({"id": "1", "memo": True}),
        body({"id": "1", "memo": {"nested": "1"}}),
        body(None),
        body({"id": "1"}, hasMore="yes"),
        body() + body(),
        b'{"hasMore": false}',
        b'{"items": null}',
        b'{"items": [{"id": "\xff"}]}',
        b"<html>down</html>",
        b"",
    ],
)
def test_any_other_answer_is_left_to_python(content: bytes) -> None:
    assert fast_page(content, COLUMNS) is None
