"""Errors a person can act on: each names where it happened and how to mend it."""


class TieoutError(Exception):
    """Base of every error that a person is meant to read.

    Attributes:
        message: what went wrong, one sentence.
        fix: what to do about it, one sentence.
        source: `salesforce`, `netsuite`, `dbt`, ... or None.
        object_name: the object or table concerned, or None.
        field: the field or column concerned, or None.
        record: id of the record concerned, or None.
    """

    def __init__(  # noqa: PLR0913 - one keyword per part of the message
        self,
        message: str,
        *,
        fix: str,
        source: str | None = None,
        object_name: str | None = None,
        field: str | None = None,
        record: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.source = source
        self.object_name = object_name
        self.field = field
        self.record = record

    def __str__(self) -> str:
        """Where, what and the fix, in one paragraph."""
        place = " ".join(
            f"{label} {value}"
            for label, value in (
                ("source", self.source),
                ("object", self.object_name),
                ("field", self.field),
                ("record", self.record),
            )
            if value
        )
        return f"{f'[{place}] ' if place else ''}{self.message} Fix: {self.fix}"


class ConfigurationError(TieoutError):
    """A setting or credential is missing or wrong: nothing has been asked of any system."""


class SourceError(TieoutError):
    """A source system refused, is unreachable, or lacks what the configuration asks for."""


class GateHeldError(TieoutError):
    """Checks did not pass: nothing was published, the last snapshot stands."""
