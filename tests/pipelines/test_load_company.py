"""The whole embedded company, compared value by value with what reached the warehouse."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import duckdb
import pytest

from pipelines.company import Company, build_company
from pipelines.config import PROJECT_ROOT, paths
from pipelines.demo import settings_of_card
from pipelines.load import LoadReport, load
from pipelines.load.resource import raw_name
from pipelines.netsuite.tables import TABLES
from pipelines.salesforce.objects import OBJECTS
from pipelines.simulators.server import running_servers

pytestmark = pytest.mark.integration

NUMBERS = ("double", "currency", "percent", "decimal")


@pytest.fixture(scope="module")
def company() -> Company:
    return build_company(customers=12, seed=7)


@pytest.fixture(scope="module")
def report(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoadReport]:
    with pytest.MonkeyPatch.context() as patch, running_servers(company) as servers:
        patch.setenv("TIEOUT__DATA_DIR", str(tmp_path_factory.mktemp("data")))
        patch.setenv("DLT_PROJECT_DIR", str(PROJECT_ROOT))
        for name, value in settings_of_card(servers.card).items():
            patch.setenv(name, value)
        yield load("company")


def stored(value: object, kind: str, zone: ZoneInfo | None) -> object:
    """A value of the company as the raw layer keeps it."""
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if zone else value.astimezone(UTC)
    if kind == "boolean":
        return value in (True, "T")
    if kind in NUMBERS:
        return Decimal(str(value))
    return str(value) if kind in ("id", "text") else value


def in_warehouse(source: str, name: str, columns: Mapping[str, str]) -> list[tuple[object, ...]]:
    listed = ", ".join(f'"{raw_name(column)}"' for column in columns)
    with duckdb.connect(str(paths().warehouse)) as connection:
        return connection.execute(
            f'select {listed} from raw_{source}."{raw_name(name)}"'
        ).fetchall()


def in_company(company: Company, name: str) -> bool:
    return bool(company.salesforce.get(name) or company.netsuite.get(name))


def by_key(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The first two columns hold the key of every object here."""
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1])))


def test_salesforce_arrives_value_by_value(company: Company, report: LoadReport) -> None:
    features = [spec.name for spec in (*OBJECTS, *TABLES) if spec.feature]
    unused = [name for name in features if not in_company(company, name)]
    assert [item.object_name for item in report.skipped] == unused
    assert report.rows_quarantined == 0
    for sobject in OBJECTS:
        expected = [
            tuple(stored(row[name], kind, None) for name, kind in sobject.all_fields.items())
            for row in company.salesforce[sobject.name]
        ]
        assert expected or sobject.optional, sobject.name
        found = in_warehouse("salesforce", sobject.name, sobject.all_fields)
        assert by_key(found) == by_key(expected), sobject.name


def test_netsuite_arrives_value_by_value(company: Company, report: LoadReport) -> None:
    zone = ZoneInfo(company.account_time_zone)
    for table in TABLES:
        rows = company.netsuite[table.name]
        if table.name == "transactionaccountingline":
            rows = [row for row in rows if row["posting"] in (True, "T")]
        expected = [
            tuple(stored(row[name], kind, zone) for name, kind in table.columns.items())
            for row in rows
        ]
        assert expected or table.optional, table.name
        found = in_warehouse("netsuite", table.name, table.columns)
        assert by_key(found) == by_key(expected), table.name
