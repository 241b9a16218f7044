"""Compares the marts with the embedded company's answer key, cents exact."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

# A contract line is named by its CRM root record, or by its ERP record where the CRM has none.
LINES = """
    create or replace temp view lines as
    select
        contract_line_id,
        coalesce(crm_record_id, 'erp:' || erp_record_id) as line
    from core.dim_contract_line
    qualify row_number() over (partition by contract_line_id order by version_no) = 1
"""
FOUND = """
    create or replace temp view found as
    select
        lines.line,
        reasons.period_name,
        reasons.reason_code,
        cast(reasons.amount_movement_txn * currencies.minor_units_per_major as bigint) as txn,
        cast(reasons.amount_movement_rpt * reporting.minor_units_per_major as bigint) as rpt
    from marts.fct_reconciliation_reasons as reasons
    inner join lines on reasons.contract_line_id = lines.contract_line_id
    inner join core.dim_currency as currencies
        on reasons.currency_code = currencies.currency_code
    inner join core.dim_currency as reporting on reporting.is_reporting_currency
    where reasons.amount_movement_txn != 0 or reasons.amount_movement_rpt != 0
"""
KEY = """
    create or replace temp view answers as
    select
        coalesce(crm_record_id, 'erp:' || erp_record_id) as line,
        period_name,
        reason_code,
        amount_txn_minor as txn,
        amount_rpt_minor as rpt
    from read_parquet('{folder}/reasons.parquet')
"""
COMPARED = """
    select
        coalesce(answers.reason_code, found.reason_code) as reason_code,
        count(answers.line) as expected,
        count(found.line) as found,
        count(*) filter (answers.txn = found.txn and answers.rpt = found.rpt) as matched
    from answers
    full join found
        on answers.line = found.line
        and answers.period_name = found.period_name
        and answers.reason_code = found.reason_code
    group by all
    order by 1
"""
DIFFERENCES = """
    select
        coalesce(answers.reason_code, found.reason_code) as reason_code,
        coalesce(answers.line, found.line) as line,
        coalesce(answers.period_name, found.period_name) as period_name,
        answers.txn, found.txn as found_txn, answers.rpt, found.rpt as found_rpt
    from answers
    full join found
        on answers.line = found.line
        and answers.period_name = found.period_name
        and answers.reason_code = found.reason_code
    where (answers.txn = found.txn and answers.rpt = found.rpt) is not true
    order by all
    limit 20
"""
# Rows that match to the cent are paired first; of the others on one line and period, a row of the
# key and one of the marts with the same cents are one amount under two codes.
CONFUSED = """
    with unmatched_key as (
        select answers.* from answers
        left join found using (line, period_name, reason_code, txn, rpt)
        where found.line is null
    ),
    unmatched_found as (
        select found.* from found
        left join answers using (line, period_name, reason_code, txn, rpt)
        where answers.line is null
    ),
    pairs as (
        select reason_code as expected, reason_code as found
        from answers inner join found using (line, period_name, reason_code, txn, rpt)
        union all
        select unmatched_key.reason_code, unmatched_found.reason_code
        from unmatched_key
        full join unmatched_found using (line, period_name, txn, rpt)
    )
    select expected, found, count(*) from pairs group by all
"""
PLANTED = """
    with planted as (
        select reason_code, coalesce(crm_record_id, 'erp:' || erp_record_id) as line
        from read_parquet('{folder}/planted.parquet')
    ),
    broken as (
        select distinct reasons.reason_code, lines.line
        from marts.fct_reconciliation_reasons as reasons
        inner join lines on reasons.contract_line_id = lines.contract_line_id
        where reasons.reason_class = 'break'
    )
    select
        coalesce(planted.reason_code, broken.reason_code) as reason_code,
        count(distinct planted.line) as planted,
        count(distinct broken.line) as broken,
        count(distinct broken.line) filter (planted.line is not null) as matched
    from planted
    full join broken
        on planted.reason_code = broken.reason_code and planted.line = broken.line
    group by all
    order by 1
"""
# Of a measure that has one amount a line and period: rows that differ.
MEASURE = """
    with answers as (
        select crm_record_id as line, period_name, {key_amount} as amount
        from read_parquet('{folder}/{key}.parquet')
        where {key_amount} != 0
    ),
    found as (
        select
            lines.line,
            facts.period_name,
            cast(facts.{amount} * currencies.minor_units_per_major as bigint) as amount
        from marts.{mart} as facts
        inner join lines on facts.contract_line_id = lines.contract_line_id
        inner join core.dim_currency as currencies
            on facts.currency_code = currencies.currency_code
        where facts.{amount} != 0
    )
    select line, period_name, answers.amount, found.amount as found
    from answers
    full join found using (line, period_name)
    where (answers.amount = found.amount) is not true
    order by all
    limit 20
"""
EXPECTED = {
    "key": "expected", "key_amount": "expected_txn_minor",
    "mart": "fct_recognized_revenue", "amount": "expected_txn",
}  # fmt: skip
ARR = {
    "key": "arr", "key_amount": "arr_txn_minor", "mart": "fct_arr_monthly",
    "amount": "arr_step_txn",
}  # fmt: skip
ARR_BRIDGE = """
    with answers as (
        select
            customer_record_id as customer, period_name, bridge_reason,
            amount_rpt_minor as amount
        from read_parquet('{folder}/arr_bridge.parquet')
    ),
    found as (
        select
            customers.salesforce_account_id as customer,
            bridge.period_name,
            bridge.bridge_reason,
            cast(bridge.amount_rpt * reporting.minor_units_per_major as bigint) as amount
        from marts.fct_arr_bridge as bridge
        inner join core.dim_customer as customers
            on bridge.arr_customer_id = customers.customer_id
        inner join core.dim_currency as reporting on reporting.is_reporting_currency
    )
    select customer, period_name, bridge_reason, answers.amount, found.amount as found
    from answers
    full join found using (customer, period_name, bridge_reason)
    where (answers.amount = found.amount) is not true
    order by all
    limit 20
"""
ARR_BRIDGE_REASONS = """
    select distinct bridge_reason from read_parquet('{folder}/arr_bridge.parquet')
"""
LINKS = """
    with answers as (
        select crm_record_id, erp_record_id, match_pass from read_parquet('{folder}/links.parquet')
    )
    select crm_record_id, erp_record_id, answers.match_pass, found.match_pass as found_pass
    from answers
    full join core.fct_crosswalk_links as found using (crm_record_id, erp_record_id)
    where (answers.match_pass = found.match_pass) is not true
    order by all
    limit 20
"""
# A suggestion stands in the exception queue twice: for the CRM record and for the ERP record.
SUGGESTIONS = """
    with suggested as (
        select * from read_parquet('{folder}/links.parquet') where match_pass = 4
    ),
    answers as (
        select 'missing_in_erp' as reason_code, crm_record_id as record, erp_record_id as other
        from suggested
        union all
        select 'missing_in_crm' as reason_code, erp_record_id as record, crm_record_id as other
        from suggested
    ),
    found as (
        select reason_code, cause_record_id as record, suggested_record_id as other
        from marts.fct_exceptions
        where is_open and suggested_record_id is not null
    )
    (select 'not in the queue', * from (from answers except all from found))
    union all
    (select 'not in the key', * from (from found except all from answers))
"""
# A contract is named by its CRM record, or by its order where the CRM has none.
BALANCES = """
    with answers as (
        select
            coalesce(crm_contract_id, erp_order_number) as contract, * exclude (
                crm_contract_id, erp_order_number
            )
        from read_parquet('{folder}/balances.parquet')
    ),
    minor as (
        select
            coalesce(balances.crm_record_id, balances.erp_order_numbers) as contract,
            balances.period_name,
            cast(deferred_revenue_txn * currencies.minor_units_per_major as bigint)
                as deferred_txn_minor,
            cast(contract_asset_txn * currencies.minor_units_per_major as bigint)
                as asset_txn_minor,
            cast(deferred_revenue_rpt * reporting.minor_units_per_major as bigint)
                as deferred_rpt_minor,
            cast(contract_asset_rpt * reporting.minor_units_per_major as bigint)
                as asset_rpt_minor,
            cast(
                (receivable_txn - refund_liability_txn) * currencies.minor_units_per_major
                as bigint
            ) as receivable_txn_minor,
            cast(rpo_txn * currencies.minor_units_per_major as bigint) as rpo_txn_minor
        from marts.fct_contract_balances as balances
        inner join core.dim_currency as currencies
            on balances.currency_code = currencies.currency_code
        inner join core.dim_currency as reporting on reporting.is_reporting_currency
    ),
    found as (
        select * from minor
        where not (
            deferred_txn_minor = 0 and asset_txn_minor = 0 and deferred_rpt_minor = 0
            and asset_rpt_minor = 0 and receivable_txn_minor = 0 and rpo_txn_minor = 0
        )
    )
    (select 'missing' as what, * from (from answers except all from found))
    union all
    (select 'invented' as what, * from (from found except all from answers))
    order by all
    limit 20
"""
BALANCE_ROWS = """
    select
        count(*),
        count(*) filter (asset_txn_minor > 0),
        count(*) filter (receivable_txn_minor < 0)
    from read_parquet('{folder}/balances.parquet')
"""

# (code of the key, code of the marts) -> rows; None where one of them has no row.
Confusion = Counter[tuple[str | None, str | None]]


@dataclass(frozen=True)
class Score:
    """How one reason code did against the answer key.

    Attributes:
        reason_code: the code.
        expected: rows (line and period) the key has.
        found: rows the marts have.
        matched: rows both have with the same cents in both currencies.
    """

    reason_code: str
    expected: int
    found: int
    matched: int

    @property
    def is_perfect(self) -> bool:
        """Whether every row is found and none is invented."""
        return self.expected == self.found == self.matched

    def __str__(self) -> str:
        recall = self.matched / self.expected if self.expected else 1
        precision = self.matched / self.found if self.found else 1
        return (
            f"{self.reason_code:<24}{self.expected:>9,}{self.found:>9,}{self.matched:>9,}"
            f"{precision:>11.2f}{recall:>8.2f}"
        )


class Comparison:
    """One warehouse against one answer key."""

    def __init__(self, warehouse: Path, answer_key: Path) -> None:
        self._folder = answer_key
        self._connection = duckdb.connect(warehouse, read_only=True)
        for view in (LINES, FOUND, KEY.format(folder=answer_key)):
            self._connection.execute(view)

    def close(self) -> None:
        """Let go of the warehouse."""
        self._connection.close()

    def scores(self) -> list[Score]:
        """Every reason code, on every line and period."""
        return [Score(*row) for row in self._connection.execute(COMPARED).fetchall()]

    def differences(self) -> list[tuple[object, ...]]:
        """The first rows that differ."""
        return self._connection.execute(DIFFERENCES).fetchall()

    def confusion(self) -> Confusion:
        """How often each code of the key was found as which code, cents exact."""
        rows = self._connection.execute(CONFUSED).fetchall()
        return Counter({(expected, found): count for expected, found, count in rows})

    def other_differences(self) -> list[tuple[object, ...]]:
        """The first differences from the keys beside the reasons, and planted breaks not found."""
        missed = [("planted", str(score)) for score in self.planted() if not score.is_perfect]
        return [
            *missed,
            *self.link_differences(),
            *self.suggestion_differences(),
            *self.expected_revenue_differences(),
            *self.arr_differences(),
            *self.balance_differences(),
            *self.arr_bridge_differences(),
            *self.unexplained_bridge_rows(),
        ]

    def planted(self) -> list[Score]:
        """Planted breaks against lines the marts call broken."""
        query = PLANTED.format(folder=self._folder)
        return [Score(*row) for row in self._connection.execute(query).fetchall()]

    def _measure_differences(self, measure: dict[str, str]) -> list[tuple[object, ...]]:
        query = MEASURE.format(folder=self._folder, **measure)
        return self._connection.execute(query).fetchall()

    def expected_revenue_differences(self) -> list[tuple[object, ...]]:
        """Lines and periods whose expected revenue is not the key's."""
        return self._measure_differences(EXPECTED)

    def link_differences(self) -> list[tuple[object, ...]]:
        """Links and suggestions that are not the key's, or of another pass."""
        return self._connection.execute(LINKS.format(folder=self._folder)).fetchall()

    def suggestion_differences(self) -> list[tuple[object, ...]]:
        """Suggestions that are not in the exception queue, or are there and not in the key."""
        return self._connection.execute(SUGGESTIONS.format(folder=self._folder)).fetchall()

    def arr_differences(self) -> list[tuple[object, ...]]:
        """Lines and periods whose annual recurring revenue is not the key's."""
        return self._measure_differences(ARR)

    def arr_bridge_differences(self) -> list[tuple[object, ...]]:
        """Customers, periods and steps of the ARR bridge that are not the key's."""
        return self._connection.execute(ARR_BRIDGE.format(folder=self._folder)).fetchall()

    def unexplained_bridge_rows(self) -> list[tuple[object, ...]]:
        """What neither bridge explains: Sales ARR to Finance ARR, and ARR to revenue."""
        query = """
            select period_name, amount_rpt from marts.fct_arr_bridge
            where bridge_reason = 'unexplained'
            union all
            select period_name, amount_rpt from marts.fct_arr_revenue_bridge
            where bridge_reason = 'unexplained'
        """
        return self._connection.execute(query).fetchall()

    def arr_bridge_reasons(self) -> set[str]:
        """The steps of the ARR bridge the key has amounts of."""
        query = ARR_BRIDGE_REASONS.format(folder=self._folder)
        return {reason for (reason,) in self._connection.execute(query).fetchall()}

    def balance_differences(self) -> list[tuple[object, ...]]:
        """Contracts and periods whose balances are not the key's."""
        return self._connection.execute(BALANCES.format(folder=self._folder)).fetchall()

    def balance_rows(self) -> tuple[int, ...]:
        """Rows of balances the key has; of them with a contract asset, and with a credit owed."""
        rows = self._connection.execute(BALANCE_ROWS.format(folder=self._folder)).fetchall()
        return tuple(rows[0])
