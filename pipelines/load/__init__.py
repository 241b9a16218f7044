"""The load stage: Salesforce and NetSuite into the raw layer of the warehouse, by dlt.

Flow: connector -> text tables -> typed Arrow (bad rows to quarantine) -> dlt -> DuckDB.
Importing this package costs nothing; dlt is imported when `load` is called.
"""

import os
from collections.abc import Callable, Sequence
from datetime import datetime

from pipelines.config import PROJECT_ROOT
from pipelines.load.configured import PROJECT_DIR_VARIABLE, is_configured
from pipelines.load.report import LoadProgress, LoadReport, ObjectReport

__all__ = ["LoadProgress", "LoadReport", "ObjectReport", "is_configured", "load"]

# dlt looks for `.dlt` in the current folder unless told before it is first imported.
os.environ.setdefault(PROJECT_DIR_VARIABLE, str(PROJECT_ROOT))


def load(
    run_id: str,
    *,
    full: bool = False,
    only: Sequence[str] | None = None,
    since: datetime | None = None,
    progress: Callable[[LoadProgress], None] | None = None,
) -> LoadReport:
    """Bring the raw layer up to date with both sources.

    Args:
        run_id: written to `raw_tieout.loads`, so a row can be traced to its run.
        full: read everything again and replace each table in one transaction, instead of
            merging what changed; what is loaded stays in place should anything fail.
        only: object or table names to read (`Account`, `transaction`); None reads all.
        since: read what changed since then, in the source's own time (UTC for Salesforce, account
            time for NetSuite), instead of since the last load; see `build_resource`.
        progress: called from worker threads, for each batch read and each table loaded.

    Raises:
        ConfigurationError: a setting is missing or wrong, or `only` names an unknown object.
        SourceError: a source refused, is unreachable or lacks an object or field.
    """
    from pipelines.load.stage import run_load  # noqa: PLC0415 - dlt costs seconds to import

    return run_load(
        run_id, full=full, only=only, progress=progress or (lambda _: None), since=since
    )
