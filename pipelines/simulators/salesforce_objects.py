"""What an org says of its objects: their list, describe, and replication of changes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from starlette.responses import JSONResponse, Response

from pipelines.simulators.org import SalesforceOrg
from pipelines.simulators.salesforce_wire import not_found, refusal, stamp
from pipelines.simulators.web import Call

DELETED_SINCE: Final = timedelta(days=15)
UPDATED_SINCE: Final = timedelta(days=30)
# Describe's facts by type; lengths and scales are the common ones, not each field's own.
TYPE_FACTS: Final[Mapping[str, Mapping[str, object]]] = {
    "id": {"soapType": "tns:ID", "length": 18},
    "reference": {"soapType": "tns:ID", "length": 18},
    "string": {"soapType": "xsd:string", "length": 255},
    "picklist": {"soapType": "xsd:string", "length": 255},
    "multipicklist": {"soapType": "xsd:string", "length": 4099},
    "textarea": {"soapType": "xsd:string", "length": 32768},
    "email": {"soapType": "xsd:string", "length": 80},
    "url": {"soapType": "xsd:string", "length": 255},
    "boolean": {"soapType": "xsd:boolean"},
    "date": {"soapType": "xsd:date"},
    "datetime": {"soapType": "xsd:dateTime"},
    "int": {"soapType": "xsd:int", "digits": 8},
    "double": {"soapType": "xsd:double", "precision": 18, "scale": 6},
    "currency": {"soapType": "xsd:double", "precision": 18, "scale": 2},
    "percent": {"soapType": "xsd:double", "precision": 5, "scale": 2},
}
# Objects of references whose field name does not tell.
REFERENCES: Final = {
    "OwnerId": "User",
    "ParentId": "Account",
    "MasterRecordId": "Account",
    "OriginalOrderId": "Order",
    "SBQQ__PrimaryQuote__c": "SBQQ__Quote__c",
    "SBQQ__AmendedContract__c": "Contract",
    "SBQQ__RenewedContract__c": "Contract",
    "SBQQ__MasterContract__c": "Contract",
    "SBQQ__RenewalOpportunity__c": "Opportunity",
    "SBQQ__Opportunity2__c": "Opportunity",
    "SBQQ__RevisedOrderProduct__c": "OrderItem",
    "SBQQ__RevisedSubscription__c": "SBQQ__Subscription__c",
    "SBQQ__UpgradedSubscription__c": "SBQQ__Subscription__c",
    "SBQQ__RenewedSubscription__c": "SBQQ__Subscription__c",
    "SBQQ__Product__c": "Product2",
}


class Objects:
    """Descriptions and replication of one org's objects."""

    def __init__(self, org: SalesforceOrg) -> None:
        self._org = org

    def list_all(self, call: Call) -> Response:
        """Objects the user may read."""
        listed = [self._summary(name, call.path["version"]) for name in self._org.tables]
        return JSONResponse({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": listed})

    def describe(self, call: Call) -> Response:
        """One object with the fields the user may read."""
        name = self._named(call)
        fields = [self._field(field, kind) for field, kind in self._org.tables[name].items()]
        return JSONResponse({**self._summary(name, call.path["version"]), "fields": fields})

    def deleted(self, call: Call) -> Response:
        """Records deleted in a window, softly or for good."""
        name = self._named(call)
        start, end = self._window(call, DELETED_SINCE)
        return JSONResponse(
            {
                "deletedRecords": [
                    {"id": key, "deletedDate": stamp(at)}
                    for logged, key, at in tuple(self._org.deleted)
                    if logged == name and start <= at <= end
                ],
                "earliestDateAvailable": stamp(self._org.clock.now - DELETED_SINCE),
                "latestDateCovered": stamp(min(end, self._org.clock.now)),
            }
        )

    def updated(self, call: Call) -> Response:
        """Ids of records added or changed in a window."""
        name = self._named(call)
        start, end = self._window(call, UPDATED_SINCE)
        rows = self._org.rows(
            f'SELECT "Id" FROM "{name}" WHERE "SystemModstamp" '
            f"BETWEEN TIMESTAMPTZ '{start}' AND TIMESTAMPTZ '{end}'"
        )
        covered = stamp(min(end, self._org.clock.now))
        return JSONResponse({"ids": [key for (key,) in rows], "latestDateCovered": covered})

    def _named(self, call: Call) -> str:
        if (name := self._org.table(call.path["sobject"])) is None:
            raise not_found()
        return name

    def _window(self, call: Call, reach: timedelta) -> tuple[datetime, datetime]:
        """Start and end asked for; a start beyond the server's memory is refused."""
        try:
            start, end = (datetime.fromisoformat(call.query[name]) for name in ("start", "end"))
            valid = self._org.clock.now - reach <= start < end
        except (KeyError, ValueError, TypeError) as error:
            raise refusal(
                HTTPStatus.BAD_REQUEST, "ILLEGAL_QUERY_PARAMETER_VALUE", f"start or end: {error}"
            ) from error
        if not valid:
            raise refusal(
                HTTPStatus.BAD_REQUEST,
                "INVALID_REPLICATION_DATE",
                f"start must be before end and within the last {reach.days} days",
            )
        return start, end

    def _summary(self, name: str, version: str) -> dict[str, object]:
        found = self._org.rows(f'SELECT left("Id", 3) FROM "{name}" LIMIT 1')
        base = f"/services/data/v{version}/sobjects/{name}"
        flags = dict.fromkeys(("queryable", "retrieveable", "replicateable", "searchable"), True)
        return {
            "name": name,
            "label": name.removesuffix("__c").rpartition("__")[2],
            "custom": name.endswith("__c"),
            "keyPrefix": found[0][0] if found else None,
            "createable": "IsDeleted" in self._org.tables[name],
            "deletable": "IsDeleted" in self._org.tables[name],
            **flags,
            "urls": {"sobject": base, "describe": f"{base}/describe"},
        }

    def _field(self, name: str, kind: str) -> dict[str, object]:
        target = self._target(name) if kind == "reference" else None
        return {
            "name": name,
            "label": name,
            "type": kind,
            **{"length": 0, "precision": 0, "scale": 0, "digits": 0, **TYPE_FACTS[kind]},
            "nillable": kind not in ("id", "boolean") and name not in ("SystemModstamp", "Name"),
            "calculated": False,
            "calculatedFormula": None,
            "compoundFieldName": None,
            "custom": name.endswith("__c"),
            "deprecatedAndHidden": False,
            "externalId": False,
            "unique": False,
            "autoNumber": False,
            **dict.fromkeys(("filterable", "sortable", "groupable"), True),
            "updateable": kind != "id",
            "referenceTo": [target] if target else [],
            "relationshipName": name.removesuffix("Id") if target else None,
            "picklistValues": [],
        }

    def _target(self, field: str) -> str | None:
        """The object a reference points to: named by the field, or known."""
        guesses = (
            REFERENCES.get(field),
            field.removesuffix("Id"),
            field.removesuffix("__c").removeprefix("SBQQ__"),
            field,
        )
        return next((name for guess in guesses if guess and (name := self._org.table(guess))), None)
