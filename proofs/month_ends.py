"""A company lived through month by month: `python -m proofs.month_ends`.

Both servers know at each month-end what had been recorded by then, late facts included: orders
that reach the CRM weeks after they were signed, close dates moved back, service dates and
quantities changed in the ERP for periods long closed. Each month-end is loaded incrementally into
one warehouse and built; every data test (the invariants of the reconciliation) must hold. At the
end a warehouse loaded and built from nothing must hold the same rows. Ends with code 1 where not.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import duckdb
import typer
from rich.table import Table

from pipelines.build import run_dbt
from pipelines.company import Company, Row, Value, build_company
from pipelines.company.market import LAST_MONTH, month_end
from pipelines.config import DATA_DIR_VARIABLE, PROJECT_ROOT, Paths
from pipelines.console import make_console
from pipelines.demo import environment, settings_of_card
from pipelines.load import load
from pipelines.netsuite.tables import TABLES
from pipelines.simulators.server import RunningServers, running_servers
from pipelines.simulators.store import Store
from proofs.record import write_section

HEADING: Final = ("month-end", "rows loaded", "contract lines", "reasons", "late facts so far",
                  "tests failed")  # fmt: skip
#: The load of a month-end runs so long after its last day: the ERP has posted by then.
AFTER: Final = timedelta(days=6)
LATE_ORDERS_PERCENT: Final = 8
CHANGES_A_MONTH: Final = 3
STAMPS: Final = ("CreatedDate", "createddate", "datecreated", "LastModifiedDate",
                 "lastmodifieddate", "linelastmodifieddate", "SystemModstamp",
                 "deleteddate")  # fmt: skip
PERIODS: Final = "accountingperiod"
PLANNED: Final = "revenueplanplannedrevenue"
#: What posting a planned row fills in.
POSTED: Final = ("isrecognized", "postingperiod", "journal", "dateexecuted")
#: Primary key of each ERP table; Salesforce records have an Id.
KEYS: Final = {table.name: table.primary_key for table in TABLES}
#: These remember what was seen when; a warehouse made today has seen nothing earlier.
MEMORY: Final = ("fct_exceptions", "fct_close", "_history", "_frozen", "_restated", "publication",
                 "seen", "dim_source")  # fmt: skip
#: Which load brought a row is not a fact of the row.
UNCOMPARED: Final = ("load_id", "known_from", "known_to")

ALWAYS: Final = datetime(2020, 1, 1, tzinfo=UTC)
NEVER: Final = datetime(2100, 1, 1, tzinfo=UTC)

Rows = Mapping[str, list[Row]]


@dataclass(frozen=True)
class MonthEnd:
    """What one month-end had."""

    name: str
    rows: int
    lines: int
    reasons: int
    late: int
    failed: tuple[str, ...]


class Life:
    """Both orgs, as time goes by.

    Attributes:
        late: how many facts have come late so far.
    """

    def __init__(self, company: Company, seed: int) -> None:
        self.late = 0
        self._random = Random(f"{seed} month-ends")  # noqa: S311 - no secret
        orders = [row["Id"] for row in company.salesforce["Order"] if row["Type"] != "Renewal"]
        count = len(orders) * LATE_ORDERS_PERCENT // 100
        self._late_orders = {
            order: timedelta(days=self._random.randint(25, 80))
            for order in self._random.sample(orders, count)
        }
        self._rows = {
            "salesforce": self._delayed(company.salesforce),
            "netsuite": company.netsuite,
        }
        self._known: dict[tuple[str, str], dict[Any, Row]] = {}
        self._made = _made(company.netsuite)

    def before(self, moment: datetime, company: Company) -> Company:
        """The company as its orgs know it at a moment."""
        known = {side: self._at(rows, moment) for side, rows in self._rows.items()}
        for side, tables in known.items():
            for table, rows in tables.items():
                self._known[side, table] = {_key(table, row): row for row in rows}
        return replace(
            company, now=moment, salesforce=known["salesforce"], netsuite=known["netsuite"]
        )

    def go_on(self, servers: RunningServers, moment: datetime) -> None:
        """Let the clock reach a moment: what happened by then is recorded, then late facts."""
        servers.clock.advance(moment - servers.clock.now)
        for side, rows in self._rows.items():
            org: Store = servers.salesforce.org if side == "salesforce" else servers.netsuite.org
            for table, found in self._at(rows, moment).items():
                self._record(org, side, table, found)
        self._change(servers)

    def _record(self, org: Store, side: str, table: str, rows: list[Row]) -> None:
        known = self._known[side, table]
        for found in rows:
            # The company gives every CRM record a field that some objects do not have.
            row = {name: value for name, value in found.items() if name in org.tables[table]}
            key = _key(table, row)
            before = known.get(key)
            if before is None:
                org.load(table, [row])
                self.late += table == "Order" and key in self._late_orders
            elif changed := {name: row[name] for name in row if row[name] != before[name]}:
                org.update(table, key, {k: v for k, v in changed.items() if k not in STAMPS})
            known[key] = row

    def _at(self, rows: Rows, moment: datetime) -> dict[str, list[Row]]:
        plans = {row["id"]: _stamp(row) for row in rows.get("revenueplan", ())}

        def made(table: str, row: Row) -> datetime:
            if table == PERIODS:
                return ALWAYS
            if table == PLANNED:  # of a plan that grows with use, what was posted is there
                return min(plans[row["revenueplan"]], _posted(row))
            return self._made.get((table, row.get("id")), _stamp(row))

        return {
            table: [
                _as_known(table, row, made(table, row), moment)
                for row in found
                if made(table, row) <= moment
            ]
            for table, found in rows.items()
        }

    def _delayed(self, rows: Rows) -> dict[str, list[Row]]:
        """Some orders reach the CRM, with all of their deal, one to three months late."""
        items = {row["Id"]: row["OrderId"] for row in rows["OrderItem"]}
        return {
            table: [
                _delay(row, self._late_orders.get(_order_of(table, row, items))) for row in found
            ]
            for table, found in rows.items()
        }

    def _change(self, servers: RunningServers) -> None:
        """Changes of facts of closed periods."""
        crm, erp = servers.salesforce.org, servers.netsuite.org
        for _ in range(CHANGES_A_MONTH):
            self.late += 1
            kind = self._random.choice(("close date", "service dates", "quantity"))
            if kind == "close date":
                deal = self._pick([
                    row for row in crm.records("Opportunity") if row["StageName"] == "Closed Won"
                ])  # fmt: skip
                closed = deal["CloseDate"] - timedelta(days=self._random.randint(1, 40))
                crm.update("Opportunity", deal["Id"], {"CloseDate": closed})
            elif kind == "service dates":
                element = self._pick([
                    row for row in erp.records("revenueelement") if row["revrecenddate"]
                ])  # fmt: skip
                by = timedelta(days=self._random.randint(1, 40))
                erp.update("revenueelement", element["id"], {
                    "revrecstartdate": element["revrecstartdate"] + by,
                    "revrecenddate": element["revrecenddate"] + by,
                })  # fmt: skip
            else:
                line = self._pick([
                    row for row in erp.records("transactionline")
                    if row["revenueelement"] and row["quantity"]
                ])  # fmt: skip
                erp.update(
                    "transactionline", (line["transaction"], line["id"]),
                    {"quantity": line["quantity"] * 2},
                )  # fmt: skip

    def _pick(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        return self._random.choice(sorted(rows, key=lambda row: str(row.get("id", row.get("Id")))))


def _made(rows: Rows) -> dict[tuple[str, Value], datetime]:
    """When the plans and elements that change with use were made: when they first posted."""
    posted: dict[Value, datetime] = {}
    for row in rows[PLANNED]:
        number = row["revenueplan"]
        posted[number] = min(posted.get(number, NEVER), _posted(row))
    result: defaultdict[tuple[str, Value], datetime] = defaultdict(lambda: NEVER)
    for row in rows["revenueplan"]:
        plan, element = ("revenueplan", row["id"]), ("revenueelement", row["createdfrom"])
        result[plan] = min(_stamp(row), posted.get(row["id"], NEVER))
        result[element] = min(result[element], result[plan])
    for row in rows["revenueelement"]:
        element = ("revenueelement", row["id"])
        result[element] = min(result[element], _stamp(row))
    return result


def _posted(row: Row) -> datetime:
    return _moment(row["dateexecuted"]) if row["dateexecuted"] else NEVER


def _as_known(table: str, row: Row, made: datetime, moment: datetime) -> Row:
    """A row as it stood at a moment: what is closed, posted or changed later is not yet."""
    if table == PERIODS and row["closedondate"] and _moment(row["closedondate"]) > moment:
        opened = {"closed": False, "alllocked": False, "closedondate": None}
        return {**row, **opened, "lastmodifieddate": ALWAYS}
    if table == PLANNED and row["dateexecuted"] and _posted(row) > moment:
        return {**row, **dict.fromkeys(POSTED), "isrecognized": False}
    if _stamp(row) > moment and "lastmodifieddate" in row:
        return {**row, "lastmodifieddate": made}
    return row


def _moment(day: Value) -> datetime:
    """Noon of the day after, when what was done on the day is there."""
    if not isinstance(day, date):
        raise TypeError(day)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1, hours=12)


def _stamp(row: Row) -> datetime:
    """When a record was made; what has no stamp was always there."""
    found = next((row[name] for name in STAMPS if row.get(name)), None)
    return found if isinstance(found, datetime) else ALWAYS


def _delay(row: Row, by: timedelta | None) -> Row:
    if by is None:
        return row
    return {k: v + by if k in STAMPS and isinstance(v, datetime) else v for k, v in row.items()}


def _order_of(table: str, row: Row, items: Mapping[Value, Value]) -> Value:
    if table == "Order":
        return row["Id"]
    if table == "OrderItem":
        return row["OrderId"]
    return items.get(row.get("SBQQ__OrderProduct__c"))


def _key(table: str, row: Row) -> Any:
    names = KEYS.get(table, ("Id",))
    return row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)


def live(
    customers: int, seed: int, months: list[date], paths: Paths, fresh: Paths
) -> Iterator[MonthEnd | list[str]]:
    """Yield each month-end, then the tables whose rows differ from a full refresh's."""
    company = build_company(customers=customers, seed=seed)
    life = Life(company, seed)
    moments = [_moment(month) + AFTER for month in months]
    begun = life.before(moments[0] - timedelta(days=20), company)
    with running_servers(begun) as servers, environment(settings_of_card(servers.card)):
        for month, moment in zip(months, moments, strict=True):
            life.go_on(servers, moment)
            yield _month_end(paths, f"{month:%b %Y}", life.late)
        yield _month_end(fresh, "full refresh", life.late)
    yield list(_differences(paths, fresh))


def _month_end(paths: Paths, name: str, late: int) -> MonthEnd:
    with environment({DATA_DIR_VARIABLE: str(paths.data)}):
        loaded = load(name.replace(" ", "-").lower())
        report = run_dbt(
            paths, ["build", "--exclude-resource-type", "unit_test"], lambda _text: None
        )
    failed = tuple(str(test) for test in report.failed_tests)
    if failed:  # dbt builds nothing that depends on what failed
        return MonthEnd(name, loaded.rows_loaded, 0, 0, late, failed)
    with duckdb.connect(paths.warehouse, read_only=True) as connection:
        lines, reasons = connection.execute(
            """
            select
                (select count(*) from marts.fct_reconciliation where is_reporting_period),
                (select count(*) from marts.fct_reconciliation_reasons where is_reporting_period)
            """
        ).fetchone() or (0, 0)
    return MonthEnd(name, loaded.rows_loaded, lines, reasons, late, failed)


def _differences(paths: Paths, fresh: Paths) -> Iterator[str]:
    """Tables of core and marts that do not hold the same rows in both warehouses."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{paths.warehouse}' as lived (read_only)")
        connection.execute(f"attach '{fresh.warehouse}' as fresh (read_only)")
        tables = connection.execute(
            """
            select schema_name, table_name from duckdb_tables()
            where database_name = 'lived' and schema_name in ('core', 'marts')
            order by all
            """
        ).fetchall()
        for schema, table in tables:
            if any(word in table for word in MEMORY):
                continue
            columns = [
                name
                for (name,) in connection.execute(
                    "select column_name from duckdb_columns() where database_name = 'lived' "
                    "and schema_name = ? and table_name = ?",
                    [schema, table],
                ).fetchall()
                if name not in UNCOMPARED
            ]
            listed = ", ".join(columns)
            lived, new = (
                f"select {listed} from {db}.{schema}.{table}" for db in ("lived", "fresh")
            )
            (count,) = connection.execute(
                f"select count(*) from (({lived} except all {new}) union all "
                f"({new} except all {lived}))"
            ).fetchone() or (0,)
            if count:
                yield f"{schema}.{table}: {count:,} rows differ from a full refresh"


def _ends(months: int) -> list[date]:
    """The last days of so many months up to the last one the company knows."""
    first = LAST_MONTH - months + 1
    return [month_end(month) for month in range(first, LAST_MONTH + 1)]


def main(
    months: Annotated[int, typer.Option(help="Month-ends, the last is December 2025.")] = 24,
    customers: Annotated[int, typer.Option(help="Customers of the company.")] = 60,
    seed: Annotated[int, typer.Option(help="Seed of the company.")] = 7,
    record: Annotated[bool, typer.Option(help="Write the table into docs/testing.md.")] = False,
) -> None:
    """Live through month-ends; exit code 1 where a test fails or a row differs."""
    console = make_console()
    rows, wrong = [], []
    with TemporaryDirectory() as folder:
        lived, fresh = Paths(Path(folder) / "lived"), Paths(Path(folder) / "fresh")
        for found in live(customers, seed, _ends(months), lived, fresh):
            if isinstance(found, list):
                wrong += found
                continue
            wrong += [f"{found.name}: {test}" for test in found.failed]
            rows.append([
                found.name, f"{found.rows:,}", f"{found.lines:,}", f"{found.reasons:,}",
                f"{found.late:,}", f"{len(found.failed)}",
            ])  # fmt: skip
            console.print("  ".join(rows[-1]), *found.failed)
    table = Table(*HEADING)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    for each in wrong:
        console.print(each)
    if record:
        write_section(PROJECT_ROOT / "docs" / "testing.md", "month-ends", HEADING, rows)
    raise typer.Exit(1 if wrong else 0)


if __name__ == "__main__":
    typer.run(main)
