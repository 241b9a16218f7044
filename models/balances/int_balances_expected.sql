-- Grain: one row per contract x accounting period in which its terms change what it is expected to
-- have earned or still to earn: contract currency, minor units. What is charged for use beyond what
-- was paid up front is earned, and never was to be.
with

views as (

    select * from {{ ref('int_revenue_views') }}
    where view_name = 'contract'

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

postings as (

    select * from {{ ref('int_revenue_postings') }}

),

estimates as (

    select * from {{ ref('int_revenue_variable_terms') }}
    where view_name = 'contract' and term_kind = 'rebate_estimate'

),

schedule as (

    select * from {{ ref('int_balances_schedule') }}

),

combined as (

    select
        views.contract_id,
        postings.period_no,
        postings.amount_minor as earned_minor,
        0 as remaining_minor
    from postings
    -- What is posted to a contract, as what it was short of its minimum, is its first line's.
    inner join views
        on
        postings.contract_key = views.contract_key
        and (
            postings.line_key = views.line_key
            or (postings.line_key is null and views.line_no = 1)
        )

    union all

    select
        contract_id,
        period_no,
        0 as earned_minor,
        -amount_minor as remaining_minor
    from schedule

    union all

    select
        views.contract_id,
        coalesce(accounting_periods.period_no, 1) as period_no,
        0 as earned_minor,
        views.amount_minor as remaining_minor
    from views
    left join accounting_periods
        on
        views.known_on >= accounting_periods.starts_on
        and views.known_on <= accounting_periods.ends_on

    union all

    -- What is expected to be given back is never to be earned.
    select
        views.contract_id,
        accounting_periods.period_no,
        0 as earned_minor,
        estimates.amount_minor as remaining_minor
    from estimates
    inner join views
        on estimates.line_key = views.line_key
    inner join accounting_periods
        on
        estimates.effective_on >= accounting_periods.starts_on
        and estimates.effective_on <= accounting_periods.ends_on

)

select
    contract_id,
    period_no,
    cast(sum(earned_minor) as bigint) as earned_minor,
    cast(sum(remaining_minor) as bigint) as remaining_minor
from combined
group by contract_id, period_no
