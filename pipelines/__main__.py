"""`python -m pipelines` is the `tieout` command."""

from pipelines.cli import app

app()
