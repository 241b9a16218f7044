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
        with asked as (
            select distinct contract_key, modification_id, basis
            from intermediate.int_revenue_allocations
            union
            select contract_key, null, 'contract' from intermediate.int_revenue_contracts
            union
            select contract_key, modification_id, 'contract'
            from intermediate.int_revenue_modifications
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
        left join intermediate.int_revenue_allocations as a
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

        views as (
            select contract_key, line_key, 'posted' as view, posted_on as dated_on,
                amount_minor, amount_fn_minor
            from intermediate.int_revenue_postings
            union all
            select contract_key, line_key, 'service', service_on, amount_minor, amount_fn_minor
            from intermediate.int_revenue_postings
        ),

        dated as (
            select contract_key, line_key, view, dated_on, 'contract' as basis, amount_minor
            from views
            union all
            select contract_key, line_key, view, dated_on, 'functional', amount_fn_minor
            from views
            where amount_fn_minor is not null
        ),

        bases as (
            select contract_key, 'contract' as basis from intermediate.int_revenue_contracts
            union
            select contract_key, basis from dated
        )

        select
            c.case_id, c.contract_id, p.period_id, cells.line_id, bases.basis, v.view,
            c.currency_decimals, coalesce(sum(d.amount_minor), 0) as amount
        from cases.case_contracts as c
        inner join intermediate.int_revenue_bands as p on c.contract_key = p.contract_key
        inner join cells on c.contract_key = cells.contract_key
        inner join bases on c.contract_key = bases.contract_key
        cross join (values ('posted'), ('service')) as v (view)
        left join dated as d
            on c.contract_key = d.contract_key
            and bases.basis = d.basis
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
            cast(null as integer) as currency_decimals, b.amount
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


def _text(column: str, value: Any, decimals: int | None) -> str | None:
    if value is None:
        return None
    if column in AMOUNTS:
        return money_text(value, decimals)
    return str(value)


def money_text(value: Decimal | int, decimals: int | None) -> str:
    """An amount as a result file writes it: at least two decimals, no trailing zeros beyond.

    Args:
        value: minor units when decimals are given, else the amount itself.
        decimals: decimals of the currency, or None.
    """
    amount = Decimal(value) if decimals is None else Decimal(value).scaleb(-decimals)
    exponent = int(amount.normalize().as_tuple().exponent)
    return f"{amount if amount else abs(amount):.{max(-exponent, SMALLEST_DECIMALS)}f}"
