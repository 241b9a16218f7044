"""Expectations of the published boundary, as code: one suite for each one-row metric query.

Every expectation carries in its notes the sentence a controller reads when it fails.
"""

import great_expectations as gx
from great_expectations.expectations.core.expect_column_max_to_be_between import (
    ExpectColumnMaxToBeBetween,
)
from great_expectations.expectations.expectation import Expectation


def _at_least_one(column: str, sentence: str) -> Expectation:
    return ExpectColumnMaxToBeBetween(column=column, min_value=1, meta={"notes": sentence})


def _none(column: str, sentence: str) -> Expectation:
    return ExpectColumnMaxToBeBetween(
        column=column, min_value=0, max_value=0, meta={"notes": sentence}
    )


def reconciliation_suite() -> gx.ExpectationSuite:
    """The reconciliation compares two sides that exist, and adds up."""
    return gx.ExpectationSuite(
        name="reconciliation",
        expectations=[
            _at_least_one("reconciliation_rows", "The reconciliation is empty."),
            _at_least_one(
                "reporting_period_rows",
                "The reconciliation has no row in the period that is reported.",
            ),
            _at_least_one(
                "booked_rows",
                "The side of Sales is empty: no contract line has a booked amount, "
                "so nothing was compared.",
            ),
            _at_least_one(
                "recognized_rows",
                "The side of Finance is empty: no contract line has recognized revenue, "
                "so nothing was compared.",
            ),
            _none(
                "rows_not_adding_up",
                "Some contract lines do not add up: booked less recognized is not "
                "explained + break + unexplained.",
            ),
            _none(
                "totals_not_adding_up",
                "The totals do not add up: booked less recognized is not "
                "explained + break + unexplained.",
            ),
            _none(
                "unexplained_beyond_tolerance",
                "Money is left that no reason explains, beyond the tolerance.",
            ),
        ],
    )


def reasons_suite() -> gx.ExpectationSuite:
    """The reasons of a row are its difference, to the cent."""
    return gx.ExpectationSuite(
        name="reasons",
        expectations=[
            _none(
                "rows_reasons_do_not_sum",
                "The reasons of some contract lines do not sum to their difference.",
            )
        ],
    )


def keys_suite() -> gx.ExpectationSuite:
    """Every published row can be named."""
    return gx.ExpectationSuite(
        name="keys",
        expectations=[
            _none("key_violations", "Rows without a key, or with the key of another row.")
        ],
    )


def holds_suite() -> gx.ExpectationSuite:
    """What is held is the exception."""
    return gx.ExpectationSuite(
        name="holds",
        expectations=[
            _none(
                "contracts_held_beyond_limit",
                "More contracts are held for a fault in their records than "
                "gate_maximum_held_percent allows: a mapping is probably broken.",
            )
        ],
    )


def loads_suite() -> gx.ExpectationSuite:
    """Nothing that a source delivered was set aside."""
    return gx.ExpectationSuite(
        name="loads",
        expectations=[
            _none(
                "quarantined_records",
                "Records could not be read, were set aside (quarantined) and are still missing, "
                "so the numbers would be incomplete. Correct them in their source, or load "
                "everything again with --full.",
            )
        ],
    )


def history_suite() -> gx.ExpectationSuite:
    """The snapshot does not lose what the last one had."""
    return gx.ExpectationSuite(
        name="history",
        expectations=[
            _none(
                "tables_shrunk",
                "Tables have far fewer rows than in the last published snapshot: "
                "a source probably answered with less than everything.",
            )
        ],
    )
