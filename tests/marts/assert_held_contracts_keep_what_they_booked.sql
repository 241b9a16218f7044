-- Fails where a contract that is held has another booked amount in the reconciliation, at its last
-- period, than in the bookings known by then: what is held must not vanish.
with

held as (

    select distinct contract_id
    from {{ ref('fct_revenue_holds') }}

),

booked as (

    select
        bookings.contract_id,
        sum(bookings.tcv_txn) as booked_txn
    from {{ ref('fct_bookings') }} as bookings
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on bookings.period_key = accounting_periods.period_key
    where accounting_periods.has_ended
    group by bookings.contract_id

),

reconciled as (

    select
        contract_id,
        sum(booked_txn) as booked_txn
    from {{ ref('fct_reconciliation') }}
    where is_reporting_period
    group by contract_id

)

select
    held.contract_id,
    booked.booked_txn,
    reconciled.booked_txn as reconciled_txn
from held
inner join booked
    on held.contract_id = booked.contract_id
left join reconciled
    on held.contract_id = reconciled.contract_id
where (booked.booked_txn = reconciled.booked_txn) is not true
