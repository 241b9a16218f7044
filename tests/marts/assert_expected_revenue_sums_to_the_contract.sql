-- Fails where the expected revenue of a contract line over its whole life is not what was booked.
-- Periods that the ERP's calendar does not reach would be lost here.
with

expected as (

    select
        contract_line_id,
        sum(expected_txn) as expected_txn
    from {{ ref('fct_recognized_revenue') }}
    group by contract_line_id

),

booked as (

    select
        contract_line_id,
        sum(tcv_txn) as tcv_txn
    from {{ ref('fct_bookings') }}
    group by contract_line_id

)

select
    booked.contract_line_id,
    booked.tcv_txn,
    expected.expected_txn
from booked
left join expected
    on booked.contract_line_id = expected.contract_line_id
where (booked.tcv_txn = coalesce(expected.expected_txn, 0)) is not true
