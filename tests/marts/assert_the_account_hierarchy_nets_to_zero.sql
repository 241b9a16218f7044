-- Fails where moving contracts between customers adds ARR to a period or takes some away.
select
    period_name,
    sum(amount_rpt) as amount_rpt
from {{ ref('fct_arr_bridge') }}
where bridge_reason = 'account_hierarchy'
group by period_name
having sum(amount_rpt) != 0
