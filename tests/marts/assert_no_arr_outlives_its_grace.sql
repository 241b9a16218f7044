-- Fails where a line still counts ARR after its last day and the days of grace, or counts any
-- before it was signed: ARR lost without a booking must be lost all the same.
with

contract_lines as (

    select
        arr_line_id,
        min(known_on) as known_on,
        max(ends_on) as ends_on
    from {{ ref('int_bookings_arr_versions') }}
    group by arr_line_id

)

select
    monthly.contract_line_id,
    monthly.period_name,
    monthly.arr_end_txn
from {{ ref('fct_arr_monthly') }} as monthly
inner join {{ ref('dim_accounting_period') }} as accounting_periods
    on monthly.period_key = accounting_periods.period_key
left join contract_lines
    on monthly.contract_line_id = contract_lines.arr_line_id
where
    monthly.arr_end_txn != 0
    and (
        accounting_periods.ends_on >= contract_lines.known_on
        and {{ days_between('contract_lines.ends_on', 'accounting_periods.ends_on') }}
        <= {{ var('arr_grace_days') }}
    ) is not true
