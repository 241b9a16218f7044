-- Fails where earning a price ramp evenly on one side and in steps on the other adds to a contract
-- that is over, or takes from it. In contract currency: in the reporting currency each line is
-- rounded on its own. Contracts with another break are left out: it may hide a step of the ramp.
with

contracts as (

    select
        contract_id,
        max(ends_on) as ends_on
    from {{ ref('dim_contract_line') }}
    group by contract_id

),

broken as (

    select distinct contract_id
    from {{ ref('fct_reconciliation_reasons') }}
    where reason_class in ('break', 'unexplained')

)

select
    reasons.contract_id,
    reasons.period_name,
    sum(reasons.amount_txn) as amount_txn
from {{ ref('fct_reconciliation_reasons') }} as reasons
inner join {{ ref('dim_accounting_period') }} as accounting_periods
    on reasons.period_key = accounting_periods.period_key
inner join contracts
    on reasons.contract_id = contracts.contract_id
left join broken
    on reasons.contract_id = broken.contract_id
where
    reasons.reason_code = 'ramp_straight_line'
    and accounting_periods.ends_on >= contracts.ends_on
    and broken.contract_id is null
group by reasons.contract_id, reasons.period_name
having sum(reasons.amount_txn) != 0
