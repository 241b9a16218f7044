-- Fails where revenue over time is expected on a day outside the dates of its line, or the ERP
-- posted revenue into a period outside the recognition dates of its element. What was posted after
-- the period it was planned for is a catch-up: its planned period counts; so is an element that was
-- entered after its dates, as a credit memo may be: it is posted when it is entered.
with

periods as (

    select * from {{ ref('dim_accounting_period') }}

),

elements as (

    select
        revenue_elements.revenue_element_id,
        first_period.period_no as first_period_no,
        last_period.period_no as last_period_no
    from {{ ref('int_erp_revenue_elements') }} as revenue_elements
    left join periods as first_period
        on
        revenue_elements.starts_on >= first_period.starts_on
        and revenue_elements.starts_on <= first_period.ends_on
    left join periods as last_period
        on
        greatest(
            coalesce(revenue_elements.ends_on, revenue_elements.starts_on),
            coalesce(revenue_elements.entered_on, revenue_elements.starts_on)
        ) between last_period.starts_on and last_period.ends_on

)

select
    'expected' as measure,
    postings.line_key as record_id,
    postings.period_no,
    postings.amount_minor
from {{ ref('int_revenue_postings') }} as postings
inner join {{ ref('int_revenue_views') }} as revenue_views
    on postings.line_key = revenue_views.line_key
where
    postings.posting_kind = 'time'
    and (
        postings.service_on >= revenue_views.starts_on
        and postings.service_on <= revenue_views.ends_on
    ) is not true

union all

select
    'posted' as measure,
    planned_revenue.planned_revenue_id as record_id,
    planned_revenue.posting_period_no as period_no,
    planned_revenue.amount_minor
from {{ ref('int_erp_planned_revenue') }} as planned_revenue
inner join elements
    on planned_revenue.revenue_element_id = elements.revenue_element_id
where
    planned_revenue.posting_period_no is not null
    and (
        least(planned_revenue.planned_period_no, planned_revenue.posting_period_no)
        >= elements.first_period_no
        and planned_revenue.planned_period_no <= elements.last_period_no
    ) is not true
