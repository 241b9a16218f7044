"""The engine's output relations as the six lists of a result file, read by SQL.

Only sums of what the engine wrote: a contract's total is the sum of its lines.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb

Result = dict[str, Any]

LISTS: Final = {
    "allocation": """
        with allocations as (
            select contract_key, line_key, modification_id, 'contract' as basis, amount_minor
            from intermediate.int_revenue_allocations
            union all
            select contract_key, line_key, modification_id, 'functional', amount_fn_minor
            from intermediate.int_revenue_functional_allocations
        ),

        asked as (
            select distinct contract_key, modification_id, basis from allocations
            union
            select contract_key, null, 'contract' from cases.case_contracts
        ),

        cells as (
            select contract_key, line_key, line_id from cases.case_lines
            union all
            select contract_key, null, null from cases.case_contracts
        )

        select
            c.case_id, c.contract_id, cells.line_id, asked.modification_id, asked.basis,
            c.currency_decimals, coalesce(sum(a.amount_minor), 0) as amount
        from asked
        inner join cases.case_contracts as c on asked.contract_key = c.contract_key
        inner join cells on asked.contract_key = cells.contract_key
        left join allocations as a
            on asked.contract_key = a.contract_key
            and asked.modification_id is not distinct from a.modification_id
            and asked.basis = a.basis
            and (cells.line_key is null or cells.line_key = a.line_key)
        group by all
    """,
    "revenue": """
        with cells as (
            select contract_key, line_key, line_id from cases.case_lines
            union all
            select contract_key, null, null from cases.case_contracts
        ),

        -- The functional amount of a posting is fixed when it is posted: it has no service view.
        dated as (
            select contract_key, line_key, 'contract' as basis, 'posted' as view,
                posted_on as dated_on, amount_minor
            from intermediate.int_revenue_postings
            union all
            select contract_key, line_key, 'contract', 'service', service_on, amount_minor
            from intermediate.int_revenue_postings
            union all
            select contract_key, line_key, 'functional', 'posted', posted_on, amount_fn_minor
            from intermediate.int_revenue_functional_postings
        ),

        views as (
            select contract_key, 'contract' as basis, 'posted' as view from cases.case_contracts
            union
            select contract_key, 'contract', 'service' from cases.case_contracts
            union
            select contract_key, basis, view from dated
        )

        select
            c.case_id, c.contract_id, p.period_id, cells.line_id, v.basis, v.view,
            c.currency_decimals, coalesce(sum(d.amount_minor), 0) as amount
        from cases.case_contracts as c
        inner join intermediate.int_revenue_bands as p on c.contract_key = p.contract_key
        inner join cells on c.contract_key = cells.contract_key
        inner join views as v on c.contract_key = v.contract_key
        left join dated as d
            on c.contract_key = d.contract_key
            and v.basis = d.basis
            and v.view = d.view
            and d.dated_on between p.starts_on and p.ends_on
            and (cells.line_key is null or cells.line_key = d.line_key)
        group by all
    """,
    "balances": """
        select
            c.case_id, c.contract_id, b.as_of, b.measure, b.period_id, b.basis,
            c.currency_decimals, b.amount_minor as amount
        from intermediate.int_revenue_balances as b
        inner join cases.case_contracts as c on b.contract_key = c.contract_key
    """,
    "modifications": """
        select
            c.case_id, c.contract_id, m.modification_id, m.treatment,
            c.currency_decimals, m.catch_up_minor as catch_up
        from intermediate.int_revenue_modifications as m
        inner join cases.case_contracts as c on m.contract_key = c.contract_key
    """,
    "bookings": """
        select
            c.case_id, c.contract_id, b.modification_id, l.line_id, b.period_id, b.measure,
            c.currency_decimals, b.amount_minor as amount
        from intermediate.int_revenue_bookings as b
        inner join cases.case_contracts as c on b.contract_key = c.contract_key
        left join cases.case_lines as l on b.line_key = l.line_key
    """,
    "invoices": """
        select
            c.case_id, c.contract_id, i.modification_id, i.period_id, l.line_id, i.measure,
            c.currency_decimals, i.amount_minor as amount
        from intermediate.int_revenue_invoices as i
        inner join cases.case_contracts as c on i.contract_key = c.contract_key
        left join cases.case_lines as l on i.line_key = l.line_key
    """,
}
AMOUNTS: Final = frozenset({"amount", "catch_up"})
SMALLEST_DECIMALS: Final = 2


def read_results(database: Path, case_ids: list[str]) -> list[Result]:
    """The engine's answer, one object per case.

    Args:
        database: the case database after the engine ran.
        case_ids: cases to answer, in this order.

    Returns:
        Results as docs/cases.md describes them; amounts are decimal strings.
    """
    results: dict[str, Result] = {
        case_id: {"id": case_id, **{name: [] for name in LISTS}} for case_id in case_ids
    }
    with duckdb.connect(database, read_only=True) as connection:
        for name, query in LISTS.items():
            cursor = connection.execute(f"select * from ({query}) as answer order by all")
            columns = [column[0] for column in cursor.description or ()]
            for values in cursor.fetchall():
                row = dict(zip(columns, values, strict=True))
                decimals = row.pop("currency_decimals")
                case_id = row.pop("case_id")
                if case_id in results:
                    results[case_id][name].append(
                        {column: _text(column, value, decimals) for column, value in row.items()}
                    )
    return list(results.values())


def _text(column: str, value: Any, decimals: int) -> str | None:
    if value is None:
        return None
    return money_text(value, decimals) if column in AMOUNTS else str(value)


def money_text(value: int, decimals: int) -> str:
    """An amount as a result file writes it: at least two decimals.

    Args:
        value: minor units.
        decimals: decimals of the currency.
    """
    amount = Decimal(value).scaleb(-decimals)
    return f"{amount if amount else abs(amount):.{max(decimals, SMALLEST_DECIMALS)}f}"
