"""Where things live. The only module that knows folders and environment variables.

Sources and secrets are dlt's own (`.dlt/config.toml`, `.dlt/secrets.toml`, environment);
model settings are dbt's (vars, seeds). The one setting here is the data folder, an environment
variable in dlt's spelling because dbt's profile reads it too.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
DATA_DIR_VARIABLE: Final = "TIEOUT__DATA_DIR"


@dataclass(frozen=True)
class Paths:
    """Files of one installation, all under one data folder."""

    data: Path

    @property
    def warehouse(self) -> Path:
        """The build file: raw layer and models. Never the file that readers open."""
        return self.data / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """Folder that readers look at."""
        return self.data / "published"

    @property
    def published_file(self) -> Path:
        """The snapshot readers open, replaced by one atomic rename."""
        return self.published / "tieout.duckdb"

    @property
    def snapshots(self) -> Path:
        """Each published run as Parquet with its manifest, one folder a run."""
        return self.published / "snapshots"

    @property
    def closes(self) -> Path:
        """Closed periods: the register, and one read-only folder a close. Never changed."""
        return self.data / "closes"

    @property
    def answer_key(self) -> Path:
        """The embedded company's truth. No stage of a run reads it."""
        return self.data / "answer_key"


def paths() -> Paths:
    """The installation's files: `TIEOUT__DATA_DIR`, else `data` in the project root."""
    data = Path(os.environ.get(DATA_DIR_VARIABLE, "data"))
    return Paths(data if data.is_absolute() else PROJECT_ROOT / data)
