-- Fails where the movements of a line up to its last period do not sum to the cumulative amount,
-- for booked, recognized and each reason.
with

reconciliation as (

    select
        contract_line_id,
        sum(booked_movement_txn) as booked_movements,
        max_by(booked_txn, period_no) as booked,
        sum(recognized_movement_txn) as recognized_movements,
        max_by(recognized_txn, period_no) as recognized
    from {{ ref('fct_reconciliation') }}
    group by contract_line_id

),

reasons as (

    select
        contract_line_id,
        reason_code,
        sum(amount_movement_txn) as movements,
        max_by(amount_txn, period_no) as amount
    from {{ ref('fct_reconciliation_reasons') }}
    group by contract_line_id, reason_code

)

select
    contract_line_id,
    'booked and recognized' as measure
from reconciliation
where (booked_movements = booked and recognized_movements = recognized) is not true

union all

select
    contract_line_id,
    reason_code as measure
from reasons
where (movements = amount) is not true
