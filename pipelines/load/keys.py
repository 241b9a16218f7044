"""What a source can say of the keys it holds: the terms the comparison and connectors share."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa

# Added to the raw tables of a source that has no deletion flag of its own.
OWN_FLAG: Final = "_tieout_is_deleted"


@dataclass(frozen=True)
class Scope:
    """The part of an object that is compared: rows whose `column` holds one of `values`."""

    column: str
    values: Sequence[str]


@dataclass(frozen=True)
class DeletedLog:
    """Ids a source says were deleted, and up to when it is sure to have named all."""

    ids: Sequence[str]
    covered_until: datetime


# Reads the keys of living records (None: of the whole object), as tables of text.
KeyReader = Callable[[Scope | None], Iterator[pa.Table]]
# Reads the rows of a part up to the load's own clock, as tables of text with all columns.
RowReader = Callable[[Scope], Iterator[pa.Table]]
# Reads the log of deletions since a moment; None where it does not reach back that far.
LogReader = Callable[[datetime], DeletedLog | None]


@dataclass(frozen=True)
class Deletions:
    """How deleted rows of one object are found and marked.

    Attributes:
        flag: raw column that marks a deleted row.
        keys: reads living keys.
        log: reads the source's log of deletions, where it has one.
        rows: reads rows that the comparison finds missing.
        scope_column: field of the key whose values name the rows to compare or to read.
        touched_by: raw table -> its column: the values found there in rows that came since the
            last comparison are the scope.
    """

    flag: str
    keys: KeyReader
    log: LogReader | None = None
    rows: RowReader | None = None
    scope_column: str = ""
    touched_by: Mapping[str, str] = field(default_factory=dict, hash=False)


def batches(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Values in groups of at most `size`."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
