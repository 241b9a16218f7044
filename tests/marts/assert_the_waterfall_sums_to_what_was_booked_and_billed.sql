-- Fails where the rows of an origin period do not sum to what was booked (for every as-of period,
-- what was booked by then) or billed in it, by currency.
with

waterfall as (

    select
        waterfall_basis,
        as_of_period_key,
        origin_period_key,
        currency_code,
        sum(amount_txn) as amount_txn,
        sum(amount_rpt) as amount_rpt
    from {{ ref('fct_revenue_waterfall') }}
    where origin_period_key is not null
    group by all

),

as_of_periods as (

    select distinct
        waterfall.waterfall_basis,
        waterfall.as_of_period_key,
        accounting_periods.period_no
    from waterfall
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on waterfall.as_of_period_key = accounting_periods.period_key

),

facts as (

    select
        'booking' as waterfall_basis,
        period_key,
        currency_code,
        tcv_txn as amount_txn,
        tcv_rpt as amount_rpt
    from {{ ref('fct_bookings') }}

    union all

    select
        'billing' as waterfall_basis,
        period_key,
        currency_code,
        amount_txn,
        amount_rpt
    from {{ ref('fct_billings') }}

),

totals as (

    select
        as_of_periods.waterfall_basis,
        as_of_periods.as_of_period_key,
        facts.period_key as origin_period_key,
        facts.currency_code,
        sum(facts.amount_txn) as amount_txn,
        sum(facts.amount_rpt) as amount_rpt
    from facts
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on facts.period_key = accounting_periods.period_key
    inner join as_of_periods
        on
        facts.waterfall_basis = as_of_periods.waterfall_basis
        and accounting_periods.period_no <= as_of_periods.period_no
    group by all

)

select
    waterfall_basis,
    as_of_period_key,
    origin_period_key,
    currency_code,
    waterfall.amount_txn,
    totals.amount_txn as total_txn,
    waterfall.amount_rpt,
    totals.amount_rpt as total_rpt
from waterfall
full outer join totals
    using (waterfall_basis, as_of_period_key, origin_period_key, currency_code)
where
    (
        coalesce(waterfall.amount_txn, 0) = coalesce(totals.amount_txn, 0)
        and coalesce(waterfall.amount_rpt, 0) = coalesce(totals.amount_rpt, 0)
    ) is not true
