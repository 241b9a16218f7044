"""Rows that no load brought although the source holds them.

A record is stamped when its transaction writes it and seen when that ends. One that takes longer
than the overlap of two loads is stamped before the window of the next. So is a record that the
integration user is shown later. The comparison of keys finds both; their rows are read by key.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from pipelines.load.convert import convert
from pipelines.load.keys import Deletions, Scope
from pipelines.load.resource import RawTable, completed, raw_name

logger = logging.getLogger(__name__)


def read_missing(
    table: RawTable, deletions: Deletions, values: Sequence[str], warehouse: Path, load_id: str
) -> None:
    """Append the rows of a part of an object whose keys the raw table lacks.

    Rows stamped after the load's window are the next load's; a row that does not parse is left out.

    Args:
        table: the object.
        deletions: reads its rows.
        values: of the scope column, the part that lacks rows.
        warehouse: where the raw table is.
        load_id: of this load.

    Raises:
        SourceError: unreachable or refused.
    """
    if not values or deletions.rows is None:
        return
    texts = [*deletions.rows(Scope(deletions.scope_column, values))]
    if not texts:
        return
    rows = convert(pa.concat_tables(texts), table.types, table.primary_key).table
    raw = f'raw_{table.source}."{table.table_name}"'
    key = ", ".join(f'"{raw_name(name)}"' for name in table.primary_key)
    with duckdb.connect(str(warehouse)) as connection:
        connection.register("incoming", completed(table, rows))
        found = connection.execute(
            f"insert into {raw} by name select *, $load_id as _dlt_load_id "
            f"from incoming anti join {raw} using ({key})",
            {"load_id": load_id},
        ).fetchone()
    if found and found[0]:
        logger.info("%s %s: %d missing rows read by key", table.source, table.name, found[0])
