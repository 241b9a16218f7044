"""What a load tells its caller: plain dataclasses, no dlt types."""

from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["reading", "read", "skipped", "loaded"]


@dataclass(frozen=True)
class LoadProgress:
    """One step of one object.

    Attributes:
        source: `salesforce` or `netsuite`.
        object_name: as the source spells it.
        stage: `reading` after each batch, `read` after the last, then `loaded`; or `skipped`.
        rows: good rows so far.
    """

    source: str
    object_name: str
    stage: Stage
    rows: int


@dataclass(frozen=True)
class ObjectReport:
    """What became of one object.

    Attributes:
        source: `salesforce` or `netsuite`.
        object_name: as the source spells it.
        table_name: `schema.table` in the warehouse.
        rows_loaded: rows merged or replaced by this load, not rows in the table.
        rows_quarantined: rows set aside, each with its reasons in `raw_tieout.quarantine`.
        seconds: wall time from first request to last row read.
        skipped: why an optional object was not read, or None.
    """

    source: str
    object_name: str
    table_name: str
    rows_loaded: int
    rows_quarantined: int
    seconds: float
    skipped: str | None = None


@dataclass(frozen=True)
class LoadReport:
    """One load of both sources.

    Attributes:
        seconds: wall time of the whole load.
        load_ids: source -> dlt's id of the load.
        library_seconds: the part of `seconds` in dlt's set-up, normalize and load steps and in
            opening and closing the warehouse. The rest is reading: our connectors, waiting for
            the sources and dlt's extract step.
        connector_seconds: time in our connectors and waiting for the sources: settings, login,
            checks, reading and typing the rows of each object, looking for deletions and for
            arrangements that disagree. Objects are read side by side, so it may exceed `seconds`.
        notices: what a person should know besides, a line each; also in `raw_tieout.notices`.
    """

    run_id: str
    full: bool
    objects: tuple[ObjectReport, ...]
    seconds: float
    load_ids: dict[str, str] = field(hash=False)
    library_seconds: float = 0.0
    connector_seconds: float = 0.0
    notices: tuple[str, ...] = ()

    @property
    def rows_loaded(self) -> int:
        """Rows merged or replaced, over all objects."""
        return sum(item.rows_loaded for item in self.objects)

    @property
    def rows_quarantined(self) -> int:
        """Rows set aside, over all objects."""
        return sum(item.rows_quarantined for item in self.objects)

    @property
    def skipped(self) -> tuple[ObjectReport, ...]:
        """Optional objects that were not read."""
        return tuple(item for item in self.objects if item.skipped)
