"""`objects.OBJECTS` with what `[sources.salesforce.objects.<object>]` adds or changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from pipelines.errors import ConfigurationError
from pipelines.load.object_settings import object_settings
from pipelines.salesforce.objects import APIS, OBJECTS, SYSTEM_FIELDS, SObject
from pipelines.salesforce.settings import SOURCE

KINDS: Final[Mapping[str, type]] = {
    "fields": list,
    "optional_fields": list,
    "api": str,
    "cursor": str,
    "optional": bool,
}


def configured_objects(given: Mapping[str, Any] | None) -> tuple[SObject, ...]:
    """All objects to load; one that is not in `OBJECTS` is the org's own.

    `fields` adds fields, typed as describe says. `optional_fields` may be missing. An empty
    `cursor` reads the object whole.

    Raises:
        ConfigurationError: an unknown setting or value, or an object of one's own without fields.
    """
    settings = object_settings(SOURCE, "objects", given, KINDS)
    known = {sobject.name: sobject for sobject in OBJECTS}
    for name, changes in settings.items():
        known[name] = _changed(known.get(name) or _own(name, changes), changes)
    return tuple(known.values())


def _own(name: str, changes: Mapping[str, Any]) -> SObject:
    if not changes.get("fields"):
        raise ConfigurationError(
            f"{name} is not among the objects tieout knows, and no fields are given for it.",
            source=SOURCE,
            object_name=name,
            field="fields",
            fix=f"List its fields in [sources.salesforce.objects.{name}], or correct the name (as "
            "the API spells it, __c included).",
        )
    return SObject(name, {})


def _changed(sobject: SObject, changes: Mapping[str, Any]) -> SObject:
    api = changes.get("api", sobject.api)
    if api not in APIS:
        raise ConfigurationError(
            f"api is {api!r}.",
            source=SOURCE,
            object_name=sobject.name,
            field="api",
            fix=f"Choose one of {', '.join(APIS)}.",
        )
    # A field the spec has already is simply read.
    added = [name for name in changes.get("fields", ()) if name not in sobject.all_fields]
    optional = frozenset(changes.get("optional_fields", ()))
    described = list(dict.fromkeys((*sobject.described, *added)))
    described += sorted(optional - set(described) - set(sobject.all_fields))
    return replace(
        sobject,
        api=api,
        cursor=_cursor(sobject, changes),
        optional=changes.get("optional", sobject.optional),
        described=tuple(name for name in described if name not in SYSTEM_FIELDS),
        optional_fields=sobject.optional_fields | optional,
    )


def _cursor(sobject: SObject, changes: Mapping[str, Any]) -> str | None:
    cursor: str = changes.get("cursor", sobject.cursor or "")
    known = {*sobject.all_fields, *changes.get("fields", ())}
    if cursor and cursor not in known:
        raise ConfigurationError(
            f"The cursor {cursor} is not among the fields.",
            source=SOURCE,
            object_name=sobject.name,
            field="cursor",
            fix=f"List it under fields, or use one of {', '.join(SYSTEM_FIELDS)}, or an empty text "
            "to read the object whole.",
        )
    return cursor or None
