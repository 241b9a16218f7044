from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.load.convert import MONEY, convert, text_table

UTC_STAMP = pa.timestamp("us", "UTC")
NAIVE_STAMP = pa.timestamp("us")


def cast(kind: pa.DataType, *texts: str | None) -> tuple[list[object], list[str]]:
    """Values of one typed column, and the reason codes of the rows set aside."""
    table = pa.table({"id": [str(n) for n in range(len(texts))], "x": pa.array(texts, pa.string())})
    done = convert(table, {"id": pa.string(), "x": kind}, ["id"])
    assert done.table.schema.field("x").type == kind
    assert done.table.num_rows + done.rejected_rows == len(texts)
    return done.table["x"].to_pylist(), [reject.reason_code for reject in done.rejects]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (MONEY, "1234.5", Decimal("1234.5")),
        (MONEY, "-0.00", Decimal(0)),
        (MONEY, "1E+2", Decimal(100)),
        (MONEY, " 12 ", Decimal(12)),
        (MONEY, "0.83333333333333337", Decimal("0.8333333333")),
        (MONEY, "0.00000000005", Decimal("0.0000000001")),
        (pa.int64(), "12.0", 12),
        (pa.bool_(), "T", True),
        (pa.bool_(), "false", False),
        (pa.date32(), "2024-02-29", "2024-02-29"),
        (UTC_STAMP, "2019-11-11T17:23:34.000+0000", "2019-11-11 17:23:34+00:00"),
        (UTC_STAMP, "2019-11-11T17:23:34.000Z", "2019-11-11 17:23:34+00:00"),
        (NAIVE_STAMP, "2026-03-01 10:11:12", "2026-03-01 10:11:12"),
        (pa.string(), "as it is", "as it is"),
    ],
)
def test_a_value_gets_its_type_alone_and_beside_a_bad_one(
    kind: pa.DataType, text: str, value: object
) -> None:
    for texts in ([text, None], [text, "?!"]):
        values, codes = cast(kind, *texts)
        assert str(values[0]) == str(value) if isinstance(value, str) else values[0] == value
        assert values[1:] == ([None] if texts[1] is None else [texts[1]] * (not codes))


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        (MONEY, "n/a", "unparseable_decimal"),
        (MONEY, "1,234.50", "unparseable_decimal"),
        (MONEY, "1_000", "unparseable_decimal"),
        (MONEY, "NaN", "unparseable_decimal"),
        (MONEY, "Infinity", "unparseable_decimal"),
        (MONEY, "1" + "0" * 18, "decimal_out_of_range"),
        (MONEY, "9" * 18 + "." + "9" * 12, "decimal_out_of_range"),
        (pa.int64(), "1.5", "unparseable_integer"),
        (pa.bool_(), "yes", "unparseable_boolean"),
        (pa.date32(), "1/31/2024", "unparseable_date"),
        (pa.date32(), "2023-02-29", "unparseable_date"),
        (UTC_STAMP, "2026-03-01 10:11:12", "unparseable_datetime"),
        (NAIVE_STAMP, "2026-03-01T10:11:12Z", "unparseable_datetime"),
    ],
)
def test_a_bad_value_sets_its_row_aside_with_the_reason(
    kind: pa.DataType, text: str, code: str
) -> None:
    values, codes = cast(kind, None, text, None)
    assert (values, codes) == ([None, None], [code])


def test_every_reason_of_a_row_is_reported_and_the_row_counted_once() -> None:
    table = pa.table({"id": ["a", None], "part": ["1", "2"], "x": ["?", "?"]})
    types = {"id": pa.string(), "part": pa.string(), "x": MONEY}
    done = convert(table, types, ["id", "part"])
    assert (done.table.num_rows, done.rejected_rows) == (0, 2)
    assert [(r.record_id, r.field_name, r.raw_value, r.reason_code) for r in done.rejects] == [
        ("a/1", "x", "?", "unparseable_decimal"),
        ("", "id", None, "missing_key"),
        ("", "x", "?", "unparseable_decimal"),
    ]
    assert "'?'" in done.rejects[0].reason


@given(st.decimals(min_value=-(10**17), max_value=10**17, places=10))
def test_no_decimal_place_is_ever_lost(value: Decimal) -> None:
    rows = [{"id": "1", "x": value}]
    done = convert(text_table(rows, ["id", "x"]), {"id": pa.string(), "x": MONEY}, ["id"])
    assert done.table["x"].to_pylist() == [value]


def test_json_values_become_text_and_absent_or_empty_ones_null() -> None:
    rows = [{"a": True, "b": 7, "c": "", "d": {"k": Decimal("1.10")}}]
    assert text_table(rows, ["a", "b", "c", "d", "e"]).to_pylist() == [
        {"a": "true", "b": "7", "c": None, "d": '{"k": "1.10"}', "e": None},
    ]
