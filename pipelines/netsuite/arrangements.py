"""Revenue arrangements that were read while NetSuite was refreshing them.

Elements, plans and planned revenue are three tables, read one after the other. A refresh in between
leaves an element of one version with plans of another. Parts that disagree are read again, all
three at once; what still disagrees after that is reported, never mended by us.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from pipelines.load.convert import convert, text_table
from pipelines.load.keys import OWN_FLAG, Scope
from pipelines.load.resource import RawTable, completed
from pipelines.netsuite.client import NetSuiteClient
from pipelines.netsuite.suiteql import pages_within
from pipelines.netsuite.tables import Table

ELEMENT: Final = "revenueelement"
PLAN: Final = "revenueplan"
PLANNED: Final = "revenueplanplannedrevenue"
# Part -> its column that names what it belongs to.
PARTS: Final = {ELEMENT: "id", PLAN: "createdfrom", PLANNED: "revenueplan"}
READINGS: Final = 3
PAUSE_SECONDS: Final = 3.0
# An element disagrees with its plans when
# - NetSuite itself says that its plans are to be updated,
# - it changed after its plans did and the sum of its ACTUAL plans is not its amount,
# - a plan is not the sum of its planned revenue, or planned revenue has no plan (yet, or any more).
# The first two are asked of what this load brought: an old disagreement was reported before.
DISAGREEING: Final = f"""
    with
    elements as (
        select *, coalesce(allocationamount, discountedsalesamount) as amount
        from raw_netsuite.{ELEMENT} where not coalesce({OWN_FLAG}, false)
    ),
    plans as (from raw_netsuite.{PLAN} where not coalesce({OWN_FLAG}, false)),
    planned as (
        select revenueplan, sum(amount) as amount from raw_netsuite.{PLANNED} group by all
    ),
    plans_by_element as (
        select
            createdfrom,
            max(lastmodifieddate) as changed_at,
            sum(amount) filter (where revenueplantype = 'ACTUAL') as amount,
            bool_or(_dlt_load_id = $load_id) as is_new
        from plans group by all
    )
    select id, null as plan_id
    from elements
        left join plans_by_element on elements.id = plans_by_element.createdfrom
    where (elements._dlt_load_id = $load_id or is_new)
        and (
            coalesce(requiresrevenueplanupdate, false)
            or (
                elements.lastmodifieddate > changed_at
                and elements.amount != plans_by_element.amount
            )
        )
    union
    select createdfrom, plans.id
    from plans inner join planned on plans.id = planned.revenueplan
    where plans.amount != planned.amount
    union
    select every.createdfrom, planned.revenueplan
    from planned left join raw_netsuite.{PLAN} as every on planned.revenueplan = every.id
    where coalesce(every.{OWN_FLAG}, every.id is null)
    order by all
"""


@dataclass(frozen=True)
class Arrangements:
    """The three parts, ready to be read again."""

    client: NetSuiteClient
    clock: datetime
    specs: Mapping[str, Table]
    tables: Mapping[str, RawTable]

    def settle(self, warehouse: Path, load_id: str) -> list[str]:
        """Read disagreeing parts again until they agree, three times at most.

        Deleted rows have been marked: a plan that is gone may leave its planned revenue behind.

        Args:
            warehouse: holds the rows of this load.
            load_id: of this load.

        Returns:
            Elements (`element 7`) and plans (`plan 9`) that still disagree.

        Raises:
            SourceError: unreachable or refused.
        """
        known = _reported(warehouse)
        for reading in range(READINGS):
            elements, plans = _disagreeing(warehouse, load_id)
            found = _named(elements, plans)
            # What an earlier load reported is read again, but not waited for.
            if not found or (reading and known.issuperset(found)):
                return found
            if reading:
                time.sleep(PAUSE_SECONDS)
            self._read_again(warehouse, load_id, elements, plans)
        return _named(*_disagreeing(warehouse, load_id))

    def _read_again(
        self, warehouse: Path, load_id: str, elements: list[str], plans: list[str]
    ) -> None:
        """Replace elements, their plans and the plans' planned revenue by what NetSuite has now."""
        named = self._read(PLAN, plans, column="id")
        elements = sorted({*elements, *filter(None, named["createdfrom"].to_pylist())}, key=int)
        found = {ELEMENT: self._read(ELEMENT, elements), PLAN: self._read(PLAN, elements)}
        with duckdb.connect(str(warehouse)) as connection:
            held = _ids(connection, PLAN, "createdfrom", elements)
        all_plans = sorted({*plans, *held, *found[PLAN]["id"].to_pylist()})
        found[PLANNED] = self._read(PLANNED, all_plans)
        scopes = {ELEMENT: elements, PLAN: elements, PLANNED: all_plans}
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("begin")
            for name, rows in found.items():
                self._replace(connection, name, rows, scopes[name], load_id)
            connection.execute("commit")

    def _read(self, name: str, values: Sequence[str], column: str | None = None) -> pa.Table:
        """Rows of a part as text, whatever their stamps."""
        spec = replace(self.specs[name], cursor=None)
        columns = tuple(self.tables[name].types)
        scope = Scope(column or PARTS[name], values)
        pages = pages_within(self.client, spec, self.clock, columns, scope)
        return pa.concat_tables([text_table([], columns), *pages])

    def _replace(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        rows: pa.Table,
        scope: Sequence[str],
        load_id: str,
    ) -> None:
        """Put rows in place of their older versions.

        A row that is gone is marked, or removed where its table is replaced by every load. A row
        that does not parse is left as it was.
        """
        table = self.tables[name]
        good = completed(table, convert(rows, table.types, table.primary_key).table)
        connection.register("incoming", good)
        connection.register("asked", pa.table({"value": pa.array(scope, pa.string())}))
        raw = f"raw_netsuite.{name}"
        gone = f"{PARTS[name]} in (from asked) and id not in (select id from incoming)"
        gone += " and id not in (select id from unparsed)"
        connection.register("unparsed", _left_out(rows, good))
        connection.execute(
            f"update {raw} set {OWN_FLAG} = true where {gone}"
            if table.cursor
            else f"delete from {raw} where {gone}"
        )
        connection.execute(f"delete from {raw} where id in (select id from incoming)")
        connection.execute(
            f"insert into {raw} by name select *, $load_id as _dlt_load_id from incoming",
            {"load_id": load_id},
        )


# Settles what one load brought.
Settle = Callable[[Path, str], list[str]]


def arrangements(
    client: NetSuiteClient,
    clock: datetime,
    specs: Mapping[str, Table],
    tables: Sequence[RawTable],
) -> Settle | None:
    """What settles arrangements; None unless all three parts are read."""
    parts = {table.name: table for table in tables if table.name in PARTS and not table.skipped}
    if len(parts) < len(PARTS):
        return None
    return Arrangements(client, clock, specs, parts).settle


def _disagreeing(warehouse: Path, load_id: str) -> tuple[list[str], list[str]]:
    """Ids of elements, and ids of plans."""
    with duckdb.connect(str(warehouse)) as connection:
        found = connection.execute(DISAGREEING, {"load_id": load_id}).fetchall()
    elements = sorted({element for element, _ in found if element is not None}, key=int)
    return elements, sorted({plan for _, plan in found if plan is not None}, key=int)


def _named(elements: Sequence[str], plans: Sequence[str]) -> list[str]:
    return [*(f"element {each}" for each in elements), *(f"plan {each}" for each in plans)]


def _reported(warehouse: Path) -> frozenset[str]:
    """What earlier loads reported, as `_named` names it."""
    with duckdb.connect(str(warehouse)) as connection:
        found = connection.execute(
            "select distinct subject from raw_tieout.notices where object_name = ?", [ELEMENT]
        ).fetchall()
    return frozenset(str(subject) for (subject,) in found)


def _ids(
    connection: duckdb.DuckDBPyConnection, name: str, column: str, values: Sequence[str]
) -> list[str]:
    connection.register("asked", pa.table({"value": pa.array(values, pa.string())}))
    found = connection.execute(
        f"select id from raw_netsuite.{name} where {column} in (from asked)"
    ).fetchall()
    return [str(key) for (key,) in found]


def _left_out(rows: pa.Table, good: pa.Table) -> pa.Table:
    left = set(rows["id"].to_pylist()) - set(good["id"].to_pylist())
    return pa.table({"id": pa.array(sorted(filter(None, left)), pa.string())})
