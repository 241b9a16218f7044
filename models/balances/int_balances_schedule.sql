-- Grain: one row per contract line version x accounting period in which the contract's terms earn
-- of what was booked: contract currency, minor units, charges for use beyond it left out.
with

views as (

    select * from {{ ref('int_revenue_views') }}
    where view_name = 'contract'

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

uses as (

    select
        line_key,
        occurred_on,
        variable_minor - coalesce(
            lag(variable_minor) over (partition by line_key order by timeline_no), 0
        ) as charged_minor
    from {{ ref('int_revenue_event_values') }}

),

combined as (

    select
        line_key,
        period_no,
        amount_minor
    from {{ ref('int_revenue_postings') }}

    union all

    select
        uses.line_key,
        accounting_periods.period_no,
        -uses.charged_minor as amount_minor
    from uses
    inner join accounting_periods
        on
        uses.occurred_on >= accounting_periods.starts_on
        and uses.occurred_on <= accounting_periods.ends_on
    where uses.charged_minor != 0

)

select
    views.contract_line_version_id,
    views.contract_id,
    combined.period_no,
    cast(sum(combined.amount_minor) as bigint) as amount_minor
from combined
inner join views
    on combined.line_key = views.line_key
group by views.contract_line_version_id, views.contract_id, combined.period_no
having sum(combined.amount_minor) != 0
