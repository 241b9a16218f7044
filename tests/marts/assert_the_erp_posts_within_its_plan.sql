-- Warns where the ERP posted revenue into a period outside the dates of its plan: a finding about
-- the ERP, which no build of ours can mend. What was posted after the period it was planned for is
-- a catch-up: its planned period counts; so is what was entered after its dates, as a credit memo
-- may be: it is posted when it is entered.
{{ config(severity='warn') }}

with

periods as (

    select * from {{ ref('dim_accounting_period') }}

),

posted as (

    select * from {{ ref('int_erp_planned_revenue') }}
    where posting_period_no is not null

),

bounded as (

    select
        posted.planned_revenue_id,
        posted.planned_period_no,
        posted.posting_period_no,
        posted.amount_minor,
        first_period.period_no as first_period_no,
        last_period.period_no as last_period_no
    from posted
    left join periods as first_period
        on posted.plan_starts_on between first_period.starts_on and first_period.ends_on
    left join periods as last_period
        on
        greatest(
            coalesce(posted.plan_ends_on, posted.plan_starts_on),
            coalesce(posted.entered_on, posted.plan_starts_on)
        ) between last_period.starts_on and last_period.ends_on

)

select *
from bounded
where
    (
        least(planned_period_no, posting_period_no) >= first_period_no
        and planned_period_no <= last_period_no
    ) is not true
