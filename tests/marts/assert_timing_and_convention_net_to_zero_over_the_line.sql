-- Fails where timing, or another convention of spreading, still moves a line whose service is over,
-- of a contract without a break. What is on hold waits for its release and what was closed for the
-- next open period: they are left out until then. In contract currency: in the reporting currency
-- each version is rounded on its own.
with

contract_lines as (

    select
        contract_line_id,
        max(ends_on) as ends_on
    from {{ ref('dim_contract_line') }}
    group by contract_line_id

),

broken as (

    select distinct contract_id
    from {{ ref('fct_reconciliation_reasons') }}
    where reason_class in ('break', 'unexplained')

)

select
    reasons.contract_line_id,
    reasons.period_name,
    reasons.reason_code,
    reasons.amount_txn
from {{ ref('fct_reconciliation_reasons') }} as reasons
inner join {{ ref('dim_accounting_period') }} as accounting_periods
    on reasons.period_key = accounting_periods.period_key
inner join contract_lines
    on reasons.contract_line_id = contract_lines.contract_line_id
left join broken
    on reasons.contract_id = broken.contract_id
where
    reasons.reason_code in ('handoff_lag', 'not_yet_delivered', 'period_convention')
    and accounting_periods.ends_on >= contract_lines.ends_on
    and reasons.amount_txn != 0
    and broken.contract_id is null
