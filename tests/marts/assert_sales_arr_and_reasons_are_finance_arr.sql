-- Fails where Sales ARR and the steps of the bridge do not sum to Finance ARR, to the cent.
select
    arr_customer_id,
    period_name,
    sum(amount_rpt) filter (where bridge_reason != 'finance_arr') as stepped_rpt,
    sum(amount_rpt) filter (where bridge_reason = 'finance_arr') as finance_rpt
from {{ ref('fct_arr_bridge') }}
group by arr_customer_id, period_name
having
    coalesce(sum(amount_rpt) filter (where bridge_reason != 'finance_arr'), 0)
    != coalesce(sum(amount_rpt) filter (where bridge_reason = 'finance_arr'), 0)
