"""An answer of SuiteQL as text columns, parsed by Arrow: no Python object per value.

Every value of SuiteQL is a JSON string, which Arrow reads a hundred times faster than Python does.
An answer that holds anything else goes through Python instead, where each value becomes text
exactly as it was sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as arrow_json

from pipelines.load.convert import text_table

_EMPTY_STRING: Final = b'""'


@dataclass(frozen=True)
class TextPage:
    """One answer: text columns, null where a value was absent or empty, and whether more match."""

    table: pa.Table
    has_more: bool


def fast_page(content: bytes, columns: Sequence[str]) -> TextPage | None:
    """The answer as Arrow reads it; None if a value is no string or the text is not as expected.

    Args:
        content: the body, JSON in UTF-8.
        columns: names of the values to keep.
    """
    row = pa.struct([(name, pa.string()) for name in columns])
    expected = pa.schema([("items", pa.list_(row)), ("hasMore", pa.bool_())])
    try:
        answer = arrow_json.read_json(
            BytesIO(content),
            arrow_json.ReadOptions(use_threads=False, block_size=len(content) + 1),
            arrow_json.ParseOptions(explicit_schema=expected, unexpected_field_behavior="ignore"),
        )
        if answer.num_rows != 1 or not answer["items"][0].is_valid:
            return None
        items = answer["items"].combine_chunks().flatten()
        table = pa.Table.from_batches([pa.RecordBatch.from_struct_array(items)])
        table.validate(full=True)  # Arrow reads bytes that are not UTF-8 without a word
    except pa.ArrowInvalid:
        return None
    if items.null_count:
        return None
    if _EMPTY_STRING in content:
        table = _without_empty(table)
    return TextPage(table, bool(answer["hasMore"][0].as_py()))


def exact_page(body: dict[str, Any], columns: Iterable[str]) -> TextPage:
    """The answer as Python parsed it, whatever its values are."""
    return TextPage(text_table(body["items"], columns), bool(body.get("hasMore")))


def _without_empty(table: pa.Table) -> pa.Table:
    nothing = pa.scalar(None, pa.string())
    columns = [pc.if_else(pc.equal(column, ""), nothing, column) for column in table.columns]
    return pa.table(columns, schema=table.schema)
