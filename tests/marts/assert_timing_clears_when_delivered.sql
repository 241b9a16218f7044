-- Fails where revenue of a line is still called not yet delivered once its last day of service is
-- over. In contract currency: in the reporting currency each version is rounded on its own.
with

contract_lines as (

    select
        contract_line_id,
        max(ends_on) as ends_on
    from {{ ref('dim_contract_line') }}
    group by contract_line_id

)

select
    reasons.contract_line_id,
    reasons.period_name,
    reasons.amount_txn
from {{ ref('fct_reconciliation_reasons') }} as reasons
inner join {{ ref('dim_accounting_period') }} as accounting_periods
    on reasons.period_key = accounting_periods.period_key
inner join contract_lines
    on reasons.contract_line_id = contract_lines.contract_line_id
where
    reasons.reason_code = 'not_yet_delivered'
    and accounting_periods.ends_on >= contract_lines.ends_on
    and reasons.amount_txn != 0
