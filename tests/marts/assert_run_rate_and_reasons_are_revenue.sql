-- Fails where the run rate and the steps of the bridge do not sum to the revenue that was posted,
-- to the cent: the bridge ends with fct_recognized_revenue.
with

bridged as (

    select
        arr_customer_id,
        period_no,
        sum(amount_rpt) filter (where bridge_reason != 'recognized_revenue') as stepped_rpt,
        sum(amount_rpt) filter (where bridge_reason = 'recognized_revenue') as revenue_rpt
    from {{ ref('fct_arr_revenue_bridge') }}
    group by arr_customer_id, period_no

),

posted as (

    select
        families.arr_customer_id,
        revenue.period_no,
        sum(revenue.posted_rpt) as posted_rpt
    from {{ ref('fct_recognized_revenue') }} as revenue
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on revenue.period_key = accounting_periods.period_key and accounting_periods.has_ended
    inner join {{ ref('int_bookings_customer_families') }} as families
        on revenue.customer_id = families.customer_id
    group by families.arr_customer_id, revenue.period_no

)

select
    bridged.stepped_rpt,
    bridged.revenue_rpt,
    posted.posted_rpt
from bridged
full outer join posted
    on
    bridged.arr_customer_id = posted.arr_customer_id
    and bridged.period_no = posted.period_no
where
    coalesce(bridged.stepped_rpt, 0) != coalesce(bridged.revenue_rpt, 0)
    or coalesce(bridged.revenue_rpt, 0) != coalesce(posted.posted_rpt, 0)
