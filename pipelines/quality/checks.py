"""Runs the suites over the warehouse and writes the result."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import great_expectations as gx
import sqlalchemy

from pipelines.quality import CheckRequest, CheckResult, metrics, suites
from pipelines.quality.duckdb_compat import open_read_only

if TYPE_CHECKING:
    from great_expectations.datasource.fluent import SQLDatasource


def run_checks(request: CheckRequest) -> list[CheckResult]:
    """Ask every metric query and hold its answer against its suite.

    Raises:
        RuntimeError: a query could not run, which is never taken for a failed check.
    """
    context, source = open_read_only(Path(request.warehouse))
    boundary: list[tuple[Callable[[], gx.ExpectationSuite], str]] = [
        (suites.reconciliation_suite, metrics.reconciliation(request)),
        (suites.reasons_suite, metrics.reasons()),
        (suites.keys_suite, metrics.keys()),
        (suites.loads_suite, metrics.loads(request)),
        (suites.history_suite, metrics.history(request)),
    ]
    return [
        result
        for suite, query in boundary
        for result in _validate(context, source, suite(), query, request)
    ]


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
    context: Any,  # noqa: ANN401 - Great Expectations has no public type for it
    source: "SQLDatasource",
    suite: gx.ExpectationSuite,
    query: str,
    request: CheckRequest,
) -> list[CheckResult]:
    asset = source.add_query_asset(suite.name, query=query)
    whole = asset.add_batch_definition_whole_table("all")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name=suite.name, data=whole, suite=context.suites.add(suite))
    )
    validation = definition.run()
    results = [_result(result) for result in validation.results]
    engine = whole.get_batch().data.execution_engine
    return [
        result if result.passed else _with_evidence(result, engine, request) for result in results
    ]


def _result(validation: Any) -> CheckResult:  # noqa: ANN401
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


def _with_evidence(
    result: CheckResult,
    engine: Any,  # noqa: ANN401
    request: CheckRequest,
) -> CheckResult:
    query = metrics.evidence(result.name, request)
    if query is None:
        return result
    rows = engine.execute_query(sqlalchemy.text(query)).fetchall()
    return CheckResult(
        result.name, result.passed, result.sentence, result.observed, tuple(str(r[0]) for r in rows)
    )
