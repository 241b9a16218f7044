"""Which records that a load set aside are still missing from the warehouse.

A record set aside once is not read again until it changes in its source, so the loads of one run
do not tell: the next run would find nothing wrong and publish without it. A record counts as open
until a later load brought it, or its whole table was read anew.
"""

from pathlib import Path
from typing import Final

import duckdb

from pipelines.netsuite.tables import TABLES

NOTHING: Final = """
    select
        '' as source,
        '' as object_name,
        '' as record_id,
        '' as field_name,
        '' as reason
    where false
"""


def open_records(warehouse: Path) -> str:
    """SQL of the open records: source, object_name, record_id, field_name, reason.

    Args:
        warehouse: the build file; only asked which objects ever had a record set aside.
    """
    with duckdb.connect(warehouse, read_only=True) as connection:
        objects = connection.execute("""
            select source, object_name, max_by(table_name, load_id), max(load_id)
            from raw_tieout.loads
            semi join raw_tieout.quarantine using (source, object_name)
            group by source, object_name
            order by source, object_name
        """).fetchall()
    return " union all ".join(_of_object(*row) for row in objects) or NOTHING


def _of_object(source: str, name: str, table: str, last_load_id: str) -> str:
    """The last load's rejects, and older ones that nothing has replaced since."""
    key = f"concat_ws('/', {', '.join(_key(name))})"
    return f"""
        select source, object_name, record_id, field_name, reason
        from raw_tieout.quarantine as rejected
        where
            source = '{source}'
            and object_name = '{name}'
            and (
                load_id >= '{last_load_id}'
                or (
                    exists (select 1 from {table} where _dlt_load_id <= rejected.load_id)
                    and not exists (
                        select 1 from {table}
                        where {key} = rejected.record_id and _dlt_load_id > rejected.load_id
                    )
                )
            )
    """


def _key(name: str) -> tuple[str, ...]:
    """Key columns, in the order the load joins them into `record_id`; Salesforce has `Id`."""
    return next((table.primary_key for table in TABLES if table.name == name), ("id",))
