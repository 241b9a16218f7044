"""Text in, typed Arrow out: the one place where a value of a source gets its type.

REST answers, CSV files and SuiteQL all become tables of text first. Each column is then cast
as a whole; only a column that fails is looked at value by value, and the rows that hold a bad
value are set aside with the reason. No row is dropped without a `Reject`, no column ever
changes its type.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

MONEY: Final = pa.decimal128(28, 10)
_MONEY_QUANTUM: Final = Decimal(1).scaleb(-MONEY.scale)
_MONEY_LIMIT: Final = Decimal(1).scaleb(MONEY.precision - MONEY.scale)
# NetSuite says T and F; Salesforce says true and false. The first two are false.
_BOOLEAN_WORDS: Final = pa.array(["false", "f", "true", "t"])
_FIRST_TRUE_WORD: Final = 2


@dataclass(frozen=True)
class Reject:
    """One reason why a row was set aside; a row can have several.

    Attributes:
        record_id: the row's key, its parts joined by `/`; empty where a part is missing.
        field_name: the field at fault, as the source spells it.
        raw_value: what the source sent; None where nothing was sent.
        reason_code: `missing_key`, `unparseable_<type>` or `decimal_out_of_range`.
        reason: the same in a sentence.
    """

    record_id: str
    field_name: str
    raw_value: str | None
    reason_code: str
    reason: str


@dataclass(frozen=True)
class Converted:
    """Outcome of one batch: good rows, why others were set aside, and how many those are."""

    table: pa.Table
    rejects: tuple[Reject, ...]
    rejected_rows: int


class _BadValueError(ValueError):
    """A value that does not fit its column, with the reason code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_table(rows: Sequence[Mapping[str, Any]], columns: Iterable[str]) -> pa.Table:
    """Rows of JSON as text columns; an absent key is null, as is the empty string."""
    return pa.table(
        {name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in columns}
    )


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)


def convert(texts: pa.Table, types: Mapping[str, pa.DataType], key: Sequence[str]) -> Converted:
    """Give each column its type and set the rows aside that do not fit.

    Args:
        texts: text columns, one per entry of `types`.
        types: column name -> string, bool, int64, date32, timestamp or `MONEY`.
        key: columns that no row may lack.
    """
    columns: dict[str, pa.Array] = {}
    faults: dict[int, list[tuple[str, str]]] = {}
    for name, kind in types.items():
        column = texts[name].combine_chunks()
        columns[name], bad = _cast(column, kind)
        if name in key:
            bad = {**bad, **dict.fromkeys(_positions(pc.is_null(column)), "missing_key")}
        for row, code in bad.items():
            faults.setdefault(row, []).append((name, code))
    table = pa.table(columns, schema=pa.schema(list(types.items())))
    if not faults:
        return Converted(table, (), 0)
    keep = pa.array([row not in faults for row in range(table.num_rows)])
    rejects = tuple(
        _reject(texts, row, name, code, key)
        for row, found in sorted(faults.items())
        for name, code in found
    )
    return Converted(table.filter(keep), rejects, len(faults))


def _cast(column: pa.Array, kind: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    """The column typed, nulls where a value does not fit: position -> reason code."""
    if pa.types.is_string(kind):
        return column, {}
    if pa.types.is_boolean(kind):
        word = pc.index_in(pc.utf8_lower(column), value_set=_BOOLEAN_WORDS)
        bad = pc.and_(pc.is_valid(column), pc.is_null(word))
        flags = pc.greater_equal(word, _FIRST_TRUE_WORD)
        return flags, dict.fromkeys(_positions(bad), "unparseable_boolean")
    try:
        return pc.cast(column, kind), {}
    except pa.ArrowInvalid:
        return _cast_each(column, kind)


def _cast_each(column: pa.Array, kind: pa.DataType) -> tuple[pa.Array, dict[int, str]]:
    parse = _parser(kind)
    values: list[Any] = []
    bad: dict[int, str] = {}
    for row, text in enumerate(column.to_pylist()):
        value = None
        if text is not None:
            try:
                value = parse(text)
            except _BadValueError as error:
                bad[row] = error.code
        values.append(value)
    return pa.array(values, kind), bad


def _parser(kind: pa.DataType) -> Callable[[str], Any]:
    if pa.types.is_decimal(kind):
        return _decimal
    if pa.types.is_integer(kind):
        return _integer
    name = "date" if pa.types.is_date(kind) else "datetime"

    def moment(text: str) -> Any:
        try:
            return pa.scalar(text).cast(kind).as_py()
        except pa.ArrowInvalid as error:
            raise _BadValueError(f"unparseable_{name}") from error

    return moment


def _decimal(text: str, code: str = "unparseable_decimal") -> Decimal:
    """A finite number, rounded to ten decimals: a rate held as a double has more digits."""
    try:
        # Python alone would accept 1_000, which no source means as a number.
        value = Decimal("" if "_" in text else text.strip())
    except InvalidOperation as error:
        raise _BadValueError(code) from error
    if not value.is_finite():
        raise _BadValueError(code)
    # Compared unrounded first: quantize itself fails beyond the context's precision.
    if abs(value) >= _MONEY_LIMIT - _MONEY_QUANTUM:
        raise _BadValueError("decimal_out_of_range")
    return value.quantize(_MONEY_QUANTUM, ROUND_HALF_UP)


def _integer(text: str) -> int:
    """A whole number; Bulk API files may write 12 as 12.0."""
    value = _decimal(text, "unparseable_integer")
    if value != value.to_integral_value():
        raise _BadValueError("unparseable_integer")
    return int(value)


def _positions(mask: pa.Array) -> list[int]:
    return [int(row) for row in pc.indices_nonzero(mask).to_pylist()]


def _reject(texts: pa.Table, row: int, name: str, code: str, key: Sequence[str]) -> Reject:
    raw = texts[name][row].as_py()
    parts = [texts[column][row].as_py() for column in key]
    if code == "missing_key":
        reason = f"{name} is part of the key and was not sent."
    elif code == "decimal_out_of_range":
        reason = f"{name} holds {raw!r}, more than {MONEY.precision - MONEY.scale} digits."
    else:
        reason = f"{name} holds {raw!r}, which is no {code.removeprefix('unparseable_')}."
    return Reject("" if None in parts else "/".join(parts), name, raw, code, reason)
