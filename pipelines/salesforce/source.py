"""Salesforce objects for the load stage: specs joined to what the org describes.

Incremental on SystemModstamp, which users and automated processes both move; each load reads
from the newest stamp seen, minus the overlap, up to the org's own clock.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.load.convert import MONEY, text_table
from pipelines.load.keys import Scope
from pipelines.load.resource import RawTable
from pipelines.salesforce.bulk import bulk_query
from pipelines.salesforce.client import SalesforceClient
from pipelines.salesforce.deletions import DELETION_FLAG, deletions, within
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.plan import plan
from pipelines.salesforce.settings import SOURCE
from pipelines.salesforce.sizing import reads_in_bulk
from pipelines.salesforce.window import records, soql

_TEXT_TYPES: Final = (
    "id",
    "string",
    "reference",
    "picklist",
    "multipicklist",
    "combobox",
    "textarea",
    "email",
    "phone",
    "url",
    "encryptedstring",
    "time",
)
_ARROW_TYPES: Final = {
    **dict.fromkeys(_TEXT_TYPES, pa.string()),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "int": pa.int64(),
    "long": pa.int64(),
    "double": MONEY,
    "currency": MONEY,
    "percent": MONEY,
}
HIDDEN: Final = "missing, or hidden from the integration user by field-level security"
FORMULA: Final = "is a formula: its changes move no stamp, only a full load refreshes it"


@dataclass(frozen=True)
class Checked:
    """An object and what its describe shows of it.

    Attributes:
        sobject: the object, every field typed.
        fields: fields to ask for.
        missing: optional fields that are not there.
        formulas: configured fields that are formulas: their changes move no stamp.
        skipped: why an optional object is not read, or None.
    """

    sobject: SObject
    fields: Sequence[str]
    missing: tuple[str, ...] = ()
    formulas: tuple[str, ...] = ()
    skipped: str | None = None


def checked(client: SalesforceClient, sobject: SObject) -> Checked:
    """Compare an object with its describe.

    Raises:
        SourceError: a required object or field is missing or hidden, or a configured field is of
            a type that cannot be loaded.
    """
    described = client.describe(sobject.name)
    if described is None:
        return Checked(sobject, [], skipped=_skip(sobject))
    # Some objects have no such field; their column is loaded as false.
    wanted = [*sobject.all_fields, *sobject.described]
    wanted = [name for name in wanted if name != DELETION_FLAG or name in described]
    missing = [name for name in wanted if name not in described]
    if required := [name for name in missing if name not in sobject.optional_fields]:
        raise _field_error(sobject, required)
    types = {name: described[name].kind for name in sobject.described if name not in missing}
    if strange := [name for name, kind in types.items() if kind not in _ARROW_TYPES]:
        raise SourceError(
            f"{strange[0]} is of type {types[strange[0]]}, which cannot be loaded.",
            source=SOURCE,
            object_name=sobject.name,
            field=strange[0],
            fix="Name its parts instead (BillingCity for BillingAddress), or remove it from "
            f"[sources.salesforce.objects.{sobject.name}].",
        )
    return Checked(
        replace(sobject, fields={**sobject.fields, **types}, described=()),
        [name for name in wanted if name not in missing],
        tuple(missing),
        tuple(name for name in types if described[name].calculated),
    )


def _skip(sobject: SObject) -> str:
    """Why a missing object is skipped; one that is required is an error."""
    owner = f" ({sobject.feature})" if sobject.feature else ""
    reason = f"no such object{owner}, or the integration user may not read it"
    if sobject.optional:
        return f"the org has {reason}"
    raise SourceError(
        f"The org has {reason}.",
        source=SOURCE,
        object_name=sobject.name,
        fix="Install the package or grant the integration user read access to the object, or set "
        f"optional = true in [sources.salesforce.objects.{sobject.name}].",
    )


def _field_error(sobject: SObject, missing: Sequence[str]) -> SourceError:
    return SourceError(
        f"{len(missing)} configured field(s) {HIDDEN}: {', '.join(missing)}.",
        source=SOURCE,
        object_name=sobject.name,
        field=", ".join(missing),
        fix="Grant the integration user read access to the field (permission set, field "
        "permissions), or list it under optional_fields in "
        f"[sources.salesforce.objects.{sobject.name}].",
    )


def raw_table(client: SalesforceClient, sobject: SObject) -> RawTable:
    """The object for the load stage, checked against its describe.

    Raises:
        SourceError: a required object, or any configured field, is missing or hidden.
    """
    found = checked(client, sobject)
    return RawTable(
        source=SOURCE,
        name=sobject.name,
        types={name: _ARROW_TYPES[kind] for name, kind in found.sobject.all_fields.items()},
        primary_key=(sobject.primary_key,),
        cursor=sobject.cursor,
        read=partial(read, client, found.sobject, found.fields),
        skipped=found.skipped,
        deletions=deletions(
            client,
            found.sobject,
            partial(read_within, client, found.sobject, found.fields),
            flagged=DELETION_FLAG in found.fields,
        ),
        notes={
            **dict.fromkeys(found.missing, f"is not read: {HIDDEN}"),
            **dict.fromkeys(found.formulas, FORMULA),
        },
        plan=partial(plan, client, found.sobject, found.fields),
    )


def read(
    client: SalesforceClient, sobject: SObject, fields: Sequence[str], since: datetime | None
) -> Iterator[pa.Table]:
    """Pages of text columns, one per spec'd field; a field that is not asked for is null."""
    if reads_in_bulk(client, sobject, since):
        query = soql(sobject, fields, since, client.clock)
        pages = bulk_query(client, query, sobject.name, fields)
    else:
        found = records(client, sobject, fields, since, client.clock)
        pages = (text_table(rows, fields) for rows in found)
    for page in pages:
        yield _complete(page, sobject)


def read_within(
    client: SalesforceClient, sobject: SObject, fields: Sequence[str], scope: Scope
) -> Iterator[pa.Table]:
    """Pages of a part of an object, whatever changed when, up to the org's clock."""
    for condition in within(scope):
        query = soql(sobject, fields, None, client.clock, within=condition)
        for rows in client.query(query, sobject.name):
            yield _complete(text_table(rows, fields), sobject)


def _complete(page: pa.Table, sobject: SObject) -> pa.Table:
    """The page with every column of the spec, in its order."""
    columns = list(sobject.all_fields)
    for name in columns:
        if name not in page.column_names:
            value = "false" if name == DELETION_FLAG else None
            page = page.append_column(name, pa.array([value] * page.num_rows, pa.string()))
    return page if page.column_names == columns else page.select(columns)
