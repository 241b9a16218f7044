"""Worked revenue cases: a JSON file of contracts goes through the engine's own models.

`tieout cases run FILE` checks the file (`schema`, `checks`), writes the engine's input relations
(`tables`, `database`), lets dbt run the engine, reads its output by SQL (`results`) and compares
it with what the file expects (`comparison`). The package knows the schema of a case file and no
case; no amount is computed here.
"""

from pipelines.cases.command import CaseRun, run_cases

__all__ = ["CaseRun", "run_cases"]
