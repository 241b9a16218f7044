"""Settings by dlt (environment, `.dlt/secrets.toml`, `.dlt/config.toml`), errors by us."""

from typing import TypeVar

from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.exceptions import (
    ConfigFieldMissingException,
    ConfigurationException,
)
from dlt.common.configuration.specs import BaseConfiguration

from pipelines.errors import ConfigurationError
from pipelines.load.configured import environment_variable

Spec = TypeVar("Spec", bound=BaseConfiguration)


def resolve(spec: Spec, source: str) -> Spec:
    """Fill a configspec from section `sources.<source>`.

    Raises:
        ConfigurationError: settings are missing (all of them are named) or do not parse.
    """
    try:
        return resolve_configuration(spec, sections=("sources", source))
    except ConfigFieldMissingException as error:
        names = list(error.fields)
        raise ConfigurationError(
            f"{source} is not configured: {', '.join(names)} missing.",
            source=source,
            field=", ".join(names),
            fix=f"Set {' and '.join(environment_variable(source, name) for name in names)}, or "
            f"{' and '.join(names)} under [sources.{source}] in .dlt/secrets.toml "
            "(see .dlt/secrets.toml.example).",
        ) from error
    except ConfigurationException as error:
        raise ConfigurationError(
            f"The settings of {source} cannot be read: {error}",
            source=source,
            fix=f"Correct [sources.{source}] in .dlt/secrets.toml and .dlt/config.toml.",
        ) from error
