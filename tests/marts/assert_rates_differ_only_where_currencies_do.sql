-- Fails where a line that both systems have in the reporting currency has a difference of rates, or
-- where a difference of rates moves an amount of the contract's own currency.
with

reasons as (

    select * from {{ ref('fct_reconciliation_reasons') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

in_two_currencies as (

    select distinct contract_line_id
    from reasons
    where reason_code = 'currency_mismatch'

)

select
    reasons.reconciliation_reason_id,
    reasons.currency_code,
    reasons.amount_txn,
    reasons.amount_rpt
from reasons
cross join reporting_currency
left join in_two_currencies
    on reasons.contract_line_id = in_two_currencies.contract_line_id
where
    reasons.reason_code = 'fx_rate'
    and (
        reasons.amount_txn != 0
        or (
            reasons.currency_code = reporting_currency.currency_code
            and in_two_currencies.contract_line_id is null
        )
    )
