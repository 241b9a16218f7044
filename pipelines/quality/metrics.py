"""The questions asked of the marts before publication: SQL that answers with one row of counts.

Counts, never money: Great Expectations turns decimals into floats, so amounts are compared here,
in SQL, and it asserts how many rows disagree.
"""

from typing import Final

from pipelines.quality import CheckRequest

# Table in the build file and its primary key.
KEYS: Final = {
    "core.dim_customer": "customer_id",
    "core.dim_product": "product_id",
    "core.dim_contract": "contract_id",
    "core.dim_contract_line": "contract_line_version_id",
    "core.dim_accounting_period": "period_key",
    "core.dim_reason": "reason_code",
    "core.dim_revenue_rule": "rule_code",
    "core.fct_crosswalk_links": "link_id",
    "core.fct_crosswalk_coverage": "coverage_id",
    "core.fct_crosswalk_overrides": "override_id",
    "marts.fct_bookings": "booking_id",
    "marts.fct_recognized_revenue": "recognized_revenue_id",
    "marts.fct_billings": "billing_id",
    "marts.fct_contract_balances": "contract_balance_id",
    "marts.fct_ledger_tie": "ledger_tie_id",
    "marts.fct_revenue_explanations": "revenue_explanation_id",
    "marts.fct_revenue_holds": "revenue_hold_id",
    "marts.fct_handoff_latency": "contract_line_version_id",
    "marts.fct_reconciliation": "reconciliation_id",
    "marts.fct_reconciliation_reasons": "reconciliation_reason_id",
    "marts.fct_exceptions": "exception_id",
    "marts.fct_exception_history": "exception_state_id",
    "marts.fct_exception_decisions": "exception_decision_id",
    "marts.fct_root_causes": "root_cause_id",
    "marts.fct_reason_mix": "reason_mix_id",
}

# Fewer rows than before are good news.
MAY_SHRINK: Final = {
    "fct_revenue_holds",
    "fct_crosswalk_coverage",
    "fct_crosswalk_overrides",
    "fct_exception_decisions",
    "fct_root_causes",
}

# Null counts as wrong everywhere: a missing amount must not pass as an agreement.
ADDS_UP: Final = """
    booked_txn - recognized_txn = difference_txn
    and explained_txn + break_txn + unexplained_txn = difference_txn
    and booked_rpt - recognized_rpt = difference_rpt
    and explained_rpt + break_rpt + unexplained_rpt = difference_rpt
"""

ROWS_AND_REASONS: Final = """
    select
        coalesce(reconciliation.reconciliation_id, reasons.reconciliation_id) as reconciliation_id,
        (
            reconciliation.difference_txn = coalesce(reasons.amount_txn, 0)
            and reconciliation.difference_rpt = coalesce(reasons.amount_rpt, 0)
        ) is true as agrees
    from marts.fct_reconciliation as reconciliation
    full join (
        select
            reconciliation_id,
            sum(amount_txn) as amount_txn,
            sum(amount_rpt) as amount_rpt
        from marts.fct_reconciliation_reasons
        group by reconciliation_id
    ) as reasons
        on reconciliation.reconciliation_id = reasons.reconciliation_id
"""


def reconciliation(request: CheckRequest) -> str:
    """Both sides present, every row and the totals add up, nothing stays unexplained."""
    tolerance = f"cast('{request.unexplained_tolerance}' as decimal(18, 3))"
    return f"""
        select
            count(*) as reconciliation_rows,
            count(*) filter (is_reporting_period) as reporting_period_rows,
            count(*) filter (booked_txn != 0) as booked_rows,
            count(*) filter (recognized_txn != 0) as recognized_rows,
            count(*) filter (({ADDS_UP}) is not true) as rows_not_adding_up,
            case
                when
                    sum(booked_rpt) - sum(recognized_rpt)
                    = sum(explained_rpt) + sum(break_rpt) + sum(unexplained_rpt)
                    then 0
                else 1
            end as totals_not_adding_up,
            case
                when
                    sum(abs(unexplained_rpt)) filter (is_reporting_period) <= {tolerance}
                    then 0
                else 1
            end as unexplained_beyond_tolerance
        from marts.fct_reconciliation
    """


def reasons() -> str:
    """Rows whose reasons do not sum to the difference, rows without any row included."""
    return f"""
        select count(*) filter (not agrees) as rows_reasons_do_not_sum
        from ({ROWS_AND_REASONS}) as compared
    """


def keys() -> str:
    """Primary keys that are null or occur twice, over all published tables."""
    counted = " union all ".join(
        f"select count(*) - count(distinct {key}) as violations from {table}"
        for table, key in KEYS.items()
    )
    return f"select cast(sum(violations) as bigint) as key_violations from ({counted}) as counted"


def holds(request: CheckRequest) -> str:
    """How many contracts are held, if more than may be."""
    return f"""
        select
            case
                when held * 100 > contracts * {request.maximum_held_percent} then held
                else 0
            end as contracts_held_beyond_limit
        from
            (select count(distinct contract_id) as held from marts.fct_revenue_holds),
            (select count(*) as contracts from core.dim_contract)
    """


def loads(open_records: str) -> str:
    """Records that were set aside and are still missing."""
    return f"""
        select count(distinct (source, object_name, record_id)) as quarantined_records
        from ({open_records}) as open_records
    """


def history(request: CheckRequest) -> str:
    """Tables with clearly fewer rows than the last published snapshot."""
    return f"""
        select count(*) as tables_shrunk
        from ({shrunk_tables(request)}) as shrunk
    """


def shrunk_tables(request: CheckRequest) -> str:
    """Name, rows now and rows before of each table below the band."""
    compared = [
        f"select '{table}' as table_name, count(*) as rows_now, {before} as rows_before from {name}"
        for name in KEYS
        for table in [name.partition(".")[2]]
        for before in [request.previous_rows.get(table)]
        if before is not None and table not in MAY_SHRINK
    ] or ["select '' as table_name, 0 as rows_now, 0 as rows_before"]
    return f"""
        select table_name, rows_now, rows_before
        from ({" union all ".join(compared)}) as compared
        where rows_now * 100 < rows_before * {request.minimum_rows_kept_percent}
    """


def evidence(column: str, request: CheckRequest, open_records: str) -> str | None:
    """SQL for a few offenders of a failed check, one text column, or None where there are none."""
    row = "concat('line ', contract_line_id, ' in ', period_name)"
    reconciled = "from marts.fct_reconciliation"
    key_counts = " union all ".join(
        f"select '{table}' as name, count(*) - count(distinct {key}) as violations from {table}"
        for table, key in KEYS.items()
    )
    queries = {
        "rows_not_adding_up": f"select {row} {reconciled} where ({ADDS_UP}) is not true",
        "unexplained_beyond_tolerance": f"""
            select concat({row}, ': ', unexplained_rpt) {reconciled}
            where is_reporting_period and unexplained_rpt != 0
            order by abs(unexplained_rpt) desc
        """,
        "rows_reasons_do_not_sum": f"""
            select concat('reconciliation_id ', reconciliation_id)
            from ({ROWS_AND_REASONS}) as compared where not agrees
        """,
        "key_violations": f"""
            select concat(name, ' (', violations, ')') from ({key_counts}) as counted
            where violations > 0
        """,
        "contracts_held_beyond_limit": """
            select concat(hold_code, ' (', count(distinct contract_id), '): ', min(message))
            from marts.fct_revenue_holds
            group by hold_code
            order by count(distinct contract_id) desc
        """,
        "quarantined_records": f"""
            select concat_ws(' ', source, object_name, record_id, field_name, '-', reason)
            from ({open_records}) as open_records
        """,
        "tables_shrunk": f"""
            select concat(table_name, ' has ', rows_now, ' rows, had ', rows_before)
            from ({shrunk_tables(request)}) as shrunk
        """,
    }
    query = queries.get(column)
    return None if query is None else f"{query} limit 3"
