-- Fails where fct_recognized_revenue lost or doubled posted revenue of a period: the mart against
-- the ERP's planned revenue rows and the manual journals of contract lines, without the joins
-- between them.
with

mart as (

    select
        period_no,
        sum(posted_fn) as posted,
        sum(manual_fn) as manual
    from {{ ref('fct_recognized_revenue') }}
    group by period_no

),

posted_lines as (

    select
        posting_period_no as period_no,
        amount_fn_minor,
        0 as manual_minor
    from {{ ref('int_erp_planned_revenue') }}
    where posting_period_no is not null

    union all

    select
        period_no,
        amount_fn_minor,
        amount_fn_minor as manual_minor
    from {{ ref('int_chain_manual_journals') }}
    where contract_line_id is not null

),

posted_rows as (

    select
        period_no,
        sum(amount_fn_minor) as posted_minor,
        sum(manual_minor) as manual_minor
    from posted_lines
    group by period_no

)

select
    coalesce(mart.period_no, posted_rows.period_no) as period_no,
    mart.posted,
    posted_rows.posted_minor,
    mart.manual,
    posted_rows.manual_minor
from mart
full outer join posted_rows
    on mart.period_no = posted_rows.period_no
cross join {{ ref('dim_currency') }} as reporting_currency
where
    reporting_currency.is_reporting_currency
    and (
        coalesce(mart.posted, 0)
        = coalesce(posted_rows.posted_minor, 0) * reporting_currency.minor_unit_value
        and coalesce(mart.manual, 0)
        = coalesce(posted_rows.manual_minor, 0) * reporting_currency.minor_unit_value
    ) is not true
