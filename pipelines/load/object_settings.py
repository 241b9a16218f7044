"""What configuration says of single objects: read with names and kinds checked."""

from collections.abc import Mapping
from typing import Any

from pipelines.errors import ConfigurationError

# Setting -> the kind it must have; a list is one of texts, a table one of texts by name.
Kinds = Mapping[str, type]


def object_settings(
    source: str, section: str, given: Mapping[str, Any] | None, kinds: Kinds
) -> dict[str, dict[str, Any]]:
    """Settings per object of `[sources.<source>.<section>.<object>]`.

    Raises:
        ConfigurationError: an unknown setting, or one of the wrong kind.
    """
    checked: dict[str, dict[str, Any]] = {}
    for name, settings in (given or {}).items():
        place = f"[sources.{source}.{section}.{name}]"
        if not isinstance(settings, Mapping):
            raise _wrong(source, name, None, f"{place} is no table of settings.", kinds)
        for key, value in settings.items():
            kind = kinds.get(key)
            if kind is None:
                raise _wrong(source, name, key, f"{place} knows no setting {key}.", kinds)
            if not isinstance(value, kind) or not _holds_texts(value):
                text = f"{key} of {place} must be a {_KIND_NAMES[kind]}."
                raise _wrong(source, name, key, text, kinds)
        checked[name] = dict(settings)
    return checked


_KIND_NAMES = {
    list: "list of names in quotes",
    dict: "table of names and types in quotes",
    str: "text in quotes",
    bool: "true or false",
}


def _holds_texts(value: Any) -> bool:
    values = value.values() if isinstance(value, Mapping) else value
    return isinstance(value, str | bool) or all(isinstance(each, str) for each in values)


def _wrong(
    source: str, name: str, field: str | None, message: str, kinds: Kinds
) -> ConfigurationError:
    return ConfigurationError(
        message,
        source=source,
        object_name=name,
        field=field,
        fix=f"Correct .dlt/config.toml; an object has {', '.join(kinds)} (docs/sources.md).",
    )
