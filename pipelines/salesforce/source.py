"""Salesforce objects for the load stage: `objects.OBJECTS` joined to what the org describes.

Incremental on SystemModstamp, which users and automated processes both move; each load reads
from the newest stamp seen, minus the overlap, up to the org's own clock.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Final

import pyarrow as pa

from pipelines.errors import SourceError
from pipelines.load.convert import MONEY, text_table
from pipelines.load.resource import RawTable
from pipelines.salesforce.bulk import bulk_query
from pipelines.salesforce.client import SOURCE, SalesforceClient
from pipelines.salesforce.deletions import DELETION_FLAG, deletions
from pipelines.salesforce.objects import SObject
from pipelines.salesforce.window import records, soql

_ARROW_TYPES: Final = {
    "id": pa.string(),
    "string": pa.string(),
    "reference": pa.string(),
    "picklist": pa.string(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
    "int": pa.int64(),
    "double": MONEY,
    "currency": MONEY,
    "percent": MONEY,
}


def raw_table(client: SalesforceClient, sobject: SObject) -> RawTable:
    """The object for the load stage, checked against its describe.

    Raises:
        SourceError: a required object, or any configured field, is missing or hidden.
    """
    described = client.describe(sobject.name)
    skipped = None
    fields = list(sobject.all_fields)
    if described is None:
        if not sobject.optional:
            raise SourceError(
                "The org has no such object, or the integration user may not read it.",
                source=SOURCE,
                object_name=sobject.name,
                fix="Install the package or grant read access, or mark the object optional in "
                "pipelines/salesforce/objects.py.",
            )
        skipped = "the org has no such object, or the integration user may not read it"
    else:
        fields = [name for name in fields if name != DELETION_FLAG or name in described]
        _check_fields(sobject, fields, described)
    return RawTable(
        source=SOURCE,
        name=sobject.name,
        types={name: _ARROW_TYPES[kind] for name, kind in sobject.all_fields.items()},
        primary_key=(sobject.primary_key,),
        cursor=sobject.cursor,
        read=partial(read, client, sobject, fields),
        skipped=skipped,
        deletions=deletions(client, sobject, flagged=DELETION_FLAG in fields),
    )


def _check_fields(sobject: SObject, fields: Sequence[str], described: dict[str, str]) -> None:
    if missing := [name for name in fields if name not in described]:
        raise SourceError(
            f"{len(missing)} configured field(s) missing, or hidden from the integration user by "
            f"field-level security: {', '.join(missing)}.",
            source=SOURCE,
            object_name=sobject.name,
            field=", ".join(missing),
            fix="Grant the integration user read access to the field, or remove it from "
            "pipelines/salesforce/objects.py.",
        )


def read(
    client: SalesforceClient, sobject: SObject, fields: Sequence[str], since: datetime | None
) -> Iterator[pa.Table]:
    """Pages of text columns, one per spec'd field."""
    if sobject.api == "bulk":
        query = soql(sobject, fields, since, client.clock)
        pages = bulk_query(client, query, sobject.name, fields)
    else:
        found = records(client, sobject, fields, since, client.clock)
        pages = (text_table(rows, fields) for rows in found)
    for page in pages:
        yield page if DELETION_FLAG in fields else _never_deleted(page, sobject)


def _never_deleted(page: pa.Table, sobject: SObject) -> pa.Table:
    flags = pa.array(["false"] * page.num_rows, pa.string())
    return page.append_column(DELETION_FLAG, flags).select(list(sobject.all_fields))
