-- Fails where a line's ARR does not begin at what the period before ended with, a period of its
-- life is missing, its movements do not sum to the change, or it has a movement in no period.
-- In both currencies, to the cent.
with

movements as (

    select
        arr_monthly_id,
        sum(arr_movement_txn) as moved_txn,
        sum(arr_movement_rpt) as moved_rpt
    from {{ ref('fct_arr_movements') }}
    group by arr_monthly_id

),

compared as (

    select
        monthly.*,
        coalesce(movements.moved_txn, 0) as moved_txn,
        coalesce(movements.moved_rpt, 0) as moved_rpt,
        coalesce(lag(monthly.arr_end_txn) over line, 0) as ended_txn,
        coalesce(lag(monthly.arr_end_rpt) over line, 0) as ended_rpt,
        coalesce(lag(monthly.period_no) over line, monthly.period_no - 1) as previous_period_no
    from {{ ref('fct_arr_monthly') }} as monthly
    left join movements
        on monthly.arr_monthly_id = movements.arr_monthly_id
    window line as (partition by monthly.contract_line_id order by monthly.period_no)

)

select
    contract_line_id,
    period_name
from compared
where
    (
        arr_begin_txn + moved_txn = arr_end_txn
        and arr_begin_rpt + moved_rpt = arr_end_rpt
        and arr_begin_txn = ended_txn
        and arr_begin_rpt = ended_rpt
        and period_no = previous_period_no + 1
    ) is not true
