"""The two simulated orgs: what each knows about its records beyond rows and columns.

Tests and demos change an org through `insert`, `update`, `delete` (and `remove`, which leaves no
trace), each at a moment of their choosing: stamps, the deleted log and deletedrecord follow as in
the real system.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from pipelines.netsuite.tables import TABLES, Table
from pipelines.salesforce.objects import OBJECTS, SObject
from pipelines.simulators.store import DECIMAL, TEXT_ANY_CASE, Clock, Row, Store

ExtraColumns = Mapping[str, Mapping[str, str]]

SALESFORCE_TYPES: Final = {
    "id": "VARCHAR",
    "reference": "VARCHAR",
    "string": TEXT_ANY_CASE,
    "picklist": TEXT_ANY_CASE,
    "multipicklist": TEXT_ANY_CASE,
    "textarea": TEXT_ANY_CASE,
    "email": TEXT_ANY_CASE,
    "url": TEXT_ANY_CASE,
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
    "int": "BIGINT",
    "double": DECIMAL,
    "currency": DECIMAL,
    "percent": DECIMAL,
}
NETSUITE_TYPES: Final = {
    "id": "BIGINT",
    "text": "VARCHAR",
    "boolean": "VARCHAR",
    "integer": "BIGINT",
    "decimal": DECIMAL,
    "date": "DATE",
    "datetime": "TIMESTAMPTZ",
}
# Records of these can be deactivated only: the object has no deletion flag.
NEVER_DELETED: Final = ("User", "CurrencyType", "DatedConversionRate")
# Record types that deletedrecord reports, with NetSuite's number for each (recalled). Lines,
# accounting lines and planned revenue are parts of a record: removing one leaves no trace.
RECORD_TYPES: Final = {
    "transaction": -30,
    "customer": -2,
    "item": -10,
    "account": -112,
    "accountingperiod": -105,
    "currency": -122,
    "subsidiary": -117,
    "revenueelement": -252,
    "revenueplan": -253,
}
# What goes with a record that is deleted, and the column that names the record.
PARTS: Final = {
    "transaction": {"transactionline": "transaction", "transactionaccountingline": "transaction"},
    "revenueplan": {"revenueplanplannedrevenue": "revenueplan"},
}
NAME_COLUMNS: Final = ("tranid", "entityid", "itemid", "recordnumber", "periodname", "name")


class CompanyData(Protocol):
    """What the orgs need of `pipelines.company.Company`."""

    @property
    def now(self) -> datetime:
        """The moment the orgs are seen at, aware."""

    @property
    def account_time_zone(self) -> str:
        """IANA name of the NetSuite account's time zone."""

    @property
    def salesforce(self) -> Mapping[str, Sequence[Row]]:
        """Object API name -> rows by API field name."""

    @property
    def netsuite(self) -> Mapping[str, Sequence[Row]]:
        """Table name -> rows by column name."""


class SalesforceOrg(Store):
    """A Salesforce org: deletion is soft first, and every deletion is logged.

    Attributes:
        deleted: object, record id and moment of each deletion, in order.
    """

    def __init__(
        self,
        company: CompanyData,
        clock: Clock,
        without: Iterable[str] = (),
        extra: ExtraColumns | None = None,
    ) -> None:
        """Fill the org.

        Args:
            company: rows to start from.
            clock: the org's time.
            without: objects this org lacks (feature off, package not installed).
            extra: further fields, object -> field -> describe type.
        """
        self.deleted: list[tuple[str, str, datetime]] = []
        absent = {*without, *_features_off(OBJECTS, company.salesforce)}
        tables = _tables({spec.name: spec.all_fields for spec in OBJECTS}, absent, extra)
        for name in set(NEVER_DELETED) & set(tables):
            del tables[name]["IsDeleted"]
        super().__init__(clock, "UTC", tables, SALESFORCE_TYPES)
        for name, fields in self.tables.items():
            rows = company.salesforce.get(name, ())
            if "IsDeleted" not in fields:
                rows = [{k: v for k, v in row.items() if k != "IsDeleted"} for row in rows]
            self.load(name, rows)

    def delete(
        self, table: str, key: str, at: datetime | None = None, *, hard: bool = False
    ) -> None:
        """Delete a record: softly (queryAll still shows it) or for good (only /deleted tells).

        Raises:
            KeyError: no such record.
        """
        moment = at or self.clock.now
        if self.records(table, f'"Id" = \'{key}\' AND NOT "IsDeleted"'):
            # Logged at its last deletion: it may have been deleted before, and restored.
            self.deleted = [logged for logged in self.deleted if logged[:2] != (table, key)]
            self.deleted.append((table, key, moment))
        if hard:
            self.remove(table, key)
        else:
            self.update(table, key, {"IsDeleted": True}, moment)

    def _primary_key(self, table: str) -> tuple[str, ...]:
        return ("Id",)

    def _stamps(self, table: str, at: datetime, *, created: bool) -> dict[str, object]:
        stamps: dict[str, object] = {"LastModifiedDate": at, "SystemModstamp": at}
        if created:
            stamps |= {"CreatedDate": at, "IsDeleted": False}
        return {name: stamp for name, stamp in stamps.items() if name in self.tables[table]}


class NetSuiteOrg(Store):
    """A NetSuite account: booleans are T and F, deleted records are headers only.

    Attributes:
        time_zone: the account's time zone; every datetime is shown in it.
    """

    def __init__(
        self,
        company: CompanyData,
        clock: Clock,
        without: Iterable[str] = (),
        extra: ExtraColumns | None = None,
    ) -> None:
        """Fill the account.

        Args:
            company: rows to start from.
            clock: the account's time.
            without: tables this account lacks (feature off, no permission).
            extra: further columns, table -> column -> type.
        """
        self.time_zone = company.account_time_zone
        self._specs = {spec.name: spec for spec in TABLES}
        tables = {spec.name: spec.columns for spec in TABLES}
        absent = {*without, *_features_off(TABLES, company.netsuite)}
        super().__init__(clock, self.time_zone, _tables(tables, absent, extra), NETSUITE_TYPES)
        self._execute("CREATE TABLE dual AS SELECT 'X' AS dummy", [])
        for name in self.tables:
            self.load(name, company.netsuite.get(name, ()))

    def delete(self, table: str, key: int | tuple[int, ...], at: datetime | None = None) -> None:
        """Delete a record and its parts; a header leaves a deletedrecord row, a line nothing.

        Raises:
            KeyError: no such record.
        """
        label = self._record_name(table, key) if table in RECORD_TYPES else None
        self.remove(table, key)
        for part, column in PARTS.get(table, {}).items():
            if part in self.tables:
                self._execute(f'DELETE FROM "{part}" WHERE "{column}" = ?', [key])
        if table in RECORD_TYPES and "deletedrecord" in self.tables:
            self.load(
                "deletedrecord",
                [
                    {
                        "recordtypeid": RECORD_TYPES[table],
                        "recordid": key,
                        "type": table,
                        "name": label,
                        "deleteddate": at or self.clock.now,
                    }
                ],
            )

    def _record_name(self, table: str, key: int | tuple[int, ...]) -> str | None:
        column = next(name for name in NAME_COLUMNS if name in self.tables[table])
        found = self.rows(f'SELECT "{column}" FROM "{table}" WHERE id = {key}')
        return found[0][0] if found else None

    def _primary_key(self, table: str) -> tuple[str, ...]:
        return self._specs[table].primary_key

    def _stamps(self, table: str, at: datetime, *, created: bool) -> dict[str, object]:
        columns = [self._specs[table].cursor]
        columns += ["createddate", "datecreated"] if created else []
        return {name: at for name in columns if name in self.tables[table]}

    def _stored(self, value: object) -> object:
        if isinstance(value, bool):
            return "T" if value else "F"
        return super()._stored(value)


def _features_off(
    specs: Iterable[SObject | Table], rows: Mapping[str, Sequence[Row]]
) -> Iterator[str]:
    """Names of the objects of a feature that the company does not use."""
    return (spec.name for spec in specs if spec.feature and not rows.get(spec.name))


def _tables(
    specified: Mapping[str, Mapping[str, str]],
    without: Iterable[str],
    extra: ExtraColumns | None,
) -> dict[str, dict[str, str]]:
    absent = set(without)
    return {
        name: {**columns, **(extra or {}).get(name, {})}
        for name, columns in specified.items()
        if name not in absent
    }
