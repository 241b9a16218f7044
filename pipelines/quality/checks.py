"""Runs the suites over the warehouse and writes the result."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import great_expectations as gx
import sqlalchemy

from pipelines.quality import CheckRequest, CheckResult, metrics, suites
from pipelines.quality.duckdb_compat import open_read_only
from pipelines.quality.quarantine import open_records

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource


def run_checks(request: CheckRequest) -> list[CheckResult]:
    """Ask every metric query and hold its answer against its suite.

    Raises:
        RuntimeError: a query could not run, which is never taken for a failed check.
    """
    missing = open_records(Path(request.warehouse))
    context, source = open_read_only(Path(request.warehouse))
    boundary: list[tuple[Callable[[], gx.ExpectationSuite], str]] = [
        (suites.reconciliation_suite, metrics.reconciliation(request)),
        (suites.reasons_suite, metrics.reasons()),
        (suites.keys_suite, metrics.keys()),
        (suites.holds_suite, metrics.holds(request)),
        (suites.loads_suite, metrics.loads(missing)),
        (suites.history_suite, metrics.history(request)),
    ]
    results = []
    for suite, query in boundary:
        validated, engine = _validate(context, source, suite(), query)
        for result in validated:
            offenders = None if result.passed else metrics.evidence(result.name, request, missing)
            results.append(_with_evidence(result, engine, offenders))
    return results


def write_results(request: CheckRequest, results: list[CheckResult]) -> None:
    """Write the result file, whole or not at all."""
    file = Path(request.result_file)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    content = {
        "run_id": request.run_id,
        "passed": all(result.passed for result in results),
        "checks": [asdict(result) for result in results],
    }
    partial.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    os.replace(partial, file)  # noqa: PTH105 - the atomic one, said by its name


def _validate(
    context: Any, source: "SQLDatasource", suite: gx.ExpectationSuite, query: str
) -> tuple[list[CheckResult], Any]:
    """The results of one suite, and the engine that can still be asked for offenders."""
    asset = source.add_query_asset(suite.name, query=query)
    whole = asset.add_batch_definition_whole_table("all")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=whole, suite=context.suites.add(suite))
    )
    results = [_result(result) for result in definition.run().results]
    return results, whole.get_batch().data.execution_engine


def _result(validation: Any) -> CheckResult:
    config = validation.expectation_config
    column = config.kwargs["column"]
    if "observed_value" not in validation.result:
        raise RuntimeError(f"{column}: {validation.exception_info}")
    observed = validation.result["observed_value"]
    return CheckResult(
        name=column,
        passed=bool(validation.success),
        sentence=config.meta["notes"],
        observed=None if observed is None else int(observed),
    )


def _with_evidence(result: CheckResult, engine: Any, query: str | None) -> CheckResult:
    if query is None:
        return result
    rows = engine.execute_query(sqlalchemy.text(query)).fetchall()
    return replace(result, evidence=tuple(str(row[0]) for row in rows))
