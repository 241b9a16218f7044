"""One contract's chain in the terminal: booked, each reason with its evidence, recognized.

Below each line, what it is expected to earn and by which rules.
Here: finding the contract, the period and the rows. `pipelines.chain_view` prints them.
"""

from typing import TYPE_CHECKING, Any, Final

from rich.console import Console

from pipelines.balance_view import OF_CONTRACT
from pipelines.chain_view import Chain, show_chain
from pipelines.config import Paths
from pipelines.errors import TieoutError
from pipelines.periods import is_called
from pipelines.publication import open_published, read_publication, rows_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SUGGESTIONS: Final = 3

# Salesforce ids are case-sensitive and their first 15 characters say all.
CONTRACT: Final = """
    select
        contracts.*,
        customers.customer_name,
        customers.salesforce_account_id,
        customers.netsuite_customer_id
    from dim_contract as contracts
    left join dim_customer as customers on contracts.customer_id = customers.customer_id
    where
        contracts.contract_id = $name
        or lower(contracts.contract_number) = lower($name)
        or contracts.salesforce_contract_id = $name
        or (length($name) = 15 and left(contracts.salesforce_contract_id, 15) = $name)
        or list_contains(
            string_split(lower(contracts.netsuite_order_numbers), ', '), lower($name)
        )
    order by contracts.contract_number
"""
LINES: Final = """
    select
        reconciliation.*,
        products.product_name,
        lines.starts_on,
        lines.ends_on,
        lines.version_count
    from fct_reconciliation as reconciliation
    left join dim_product as products on reconciliation.product_id = products.product_id
    left join (
        select
            contract_line_id,
            min(starts_on) as starts_on,
            max(ends_on) as ends_on,
            count(*) as version_count
        from dim_contract_line
        group by contract_line_id
    ) as lines on reconciliation.contract_line_id = lines.contract_line_id
    where reconciliation.contract_id = $contract_id and reconciliation.period_no = $period_no
    order by lines.starts_on, products.product_name, reconciliation.contract_line_id
"""
REASONS: Final = """
    select reasons.*, meanings.meaning, meanings.what_to_do
    from fct_reconciliation_reasons as reasons
    left join dim_reason as meanings on reasons.reason_code = meanings.reason_code
    where
        reasons.contract_id = $contract_id
        and reasons.period_no = $period_no
        and reasons.is_standing
    order by reasons.chain_step_no, reasons.reason_code
"""
HOLDS: Final = """
    select * from fct_revenue_holds
    where contract_id = $contract_id
    order by hold_code, record_id, field_name
"""
EXPECTED: Final = """
    select
        explanations.*,
        amount_rules.meaning as amount_meaning,
        concat_ws(', ', amount_rules.asc_606_paragraph, amount_rules.ifrs_15_paragraph)
            as amount_paragraphs,
        recognition_rules.meaning as recognition_meaning,
        concat_ws(', ', recognition_rules.asc_606_paragraph, recognition_rules.ifrs_15_paragraph)
            as recognition_paragraphs
    from fct_revenue_explanations as explanations
    left join dim_revenue_rule as amount_rules
        on explanations.amount_rule_code = amount_rules.rule_code
    left join dim_revenue_rule as recognition_rules
        on explanations.recognition_rule_code = recognition_rules.rule_code
    where explanations.contract_id = $contract_id and explanations.period_no = $period_no
    order by explanations.version_no, explanations.earned_from, explanations.expected_txn
"""
PERIODS: Final = """
    select period_no, period_name, period_key, starts_on, ends_on, is_reporting_period
    from dim_accounting_period
    where period_no <= (select max(period_no) from fct_reconciliation)
    order by period_no
"""
# Names and customers most like what was typed, best first.
NEAR: Final = """
    select contract_number
    from (
        select
            contracts.contract_number,
            greatest(
                jaro_winkler_similarity(lower(contracts.contract_number), lower($name)),
                jaro_winkler_similarity(lower(customers.customer_name), lower($name)),
                jaro_winkler_similarity(lower(contracts.netsuite_order_numbers), lower($name))
            ) as similarity
        from dim_contract as contracts
        left join dim_customer as customers on contracts.customer_id = customers.customer_id
    ) as compared
    order by similarity desc nulls last, contract_number
    limit $count
"""


def explain(console: Console, paths: Paths, contract: str, period: str | None) -> None:
    """Print why booked is not recognized for one contract.

    Args:
        console: where to print.
        paths: the installation's files.
        contract: contract number, contract_id, Salesforce contract id (15 or 18 characters) or
            NetSuite order number.
        period: an accounting period (`Mar 2025` or `2025-03`); None takes the reporting period.

    Raises:
        TieoutError: nothing is published, or there is no such contract or period.
    """
    with open_published(paths) as connection:
        reporting_currency = read_publication(connection).reporting_currency
        found = find_contracts(connection, contract)
        at = _period(connection, period)
        for row in found:
            key = {"contract_id": row["contract_id"], "period_no": at["period_no"]}
            lines = rows_of(connection, LINES, **key)
            reasons = rows_of(connection, REASONS, **key)
            holds = rows_of(connection, HOLDS, contract_id=row["contract_id"])
            expected = rows_of(connection, EXPECTED, **key)
            balance = next(iter(rows_of(connection, OF_CONTRACT, **key)), None)
            show_chain(
                console,
                Chain(row, at, lines, reasons, holds, expected, reporting_currency, balance),
            )


def find_contracts(connection: "DuckDBPyConnection", contract: str) -> list[dict[str, Any]]:
    """The contracts a number or an id stands for.

    Raises:
        TieoutError: there is none; the message names those that are called nearly so.
    """
    found = rows_of(connection, CONTRACT, name=contract)
    if not found:
        raise _unknown_contract(connection, contract)
    return found


def _period(connection: "DuckDBPyConnection", name: str | None) -> dict[str, Any]:
    periods = rows_of(connection, PERIODS)
    for row in periods:
        if row["is_reporting_period"] if name is None else is_called(row, name):
            return row
    known = f"{periods[0]['period_name']} to {periods[-1]['period_name']}" if periods else "none"
    raise TieoutError(
        f"There is no accounting period {name!r} in the published snapshot.",
        fix=f"Name one as the ERP does or as YYYY-MM; it has {known}.",
        object_name="dim_accounting_period",
    )


def _unknown_contract(connection: "DuckDBPyConnection", contract: str) -> TieoutError:
    near = rows_of(connection, NEAR, name=contract, count=SUGGESTIONS)
    return TieoutError(
        f"No contract is called {contract!r} in the published snapshot.",
        fix="Give a contract number, a Salesforce contract id or a NetSuite order number. "
        f"Close to it: {', '.join(row['contract_number'] for row in near) or 'none'}.",
        object_name="dim_contract",
    )
