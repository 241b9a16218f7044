-- Fails where fct_recognized_revenue lost or doubled posted revenue of a period: the mart against
-- the ERP's planned revenue rows, without the joins between them.
with

mart as (

    select
        period_no,
        sum(posted_fn) as posted
    from {{ ref('fct_recognized_revenue') }}
    group by period_no

),

posted_rows as (

    select
        posting_period_no as period_no,
        sum(amount_fn_minor) as posted_minor
    from {{ ref('int_erp_planned_revenue') }}
    where posting_period_no is not null
    group by posting_period_no

)

select
    coalesce(mart.period_no, posted_rows.period_no) as period_no,
    mart.posted,
    posted_rows.posted_minor
from mart
full outer join posted_rows
    on mart.period_no = posted_rows.period_no
cross join {{ ref('dim_currency') }} as reporting_currency
where
    reporting_currency.is_reporting_currency
    and (
        coalesce(mart.posted, 0)
        = coalesce(posted_rows.posted_minor, 0) * reporting_currency.minor_unit_value
    ) is not true
