-- Grain: one row per view x contract line version x revenue posting or use of its terms: what it
-- earns in its accounting period, what of it is charged for use beyond what was paid up front, and
-- units used. Readers add up.
with

postings as (

    -- What is posted to a contract, as what it was short of its minimum, is its first line's.
    select
        coalesce(postings.line_key, first_lines.line_key) as line_key,
        postings.period_no,
        postings.amount_minor
    from {{ ref('int_revenue_postings') }} as postings
    left join {{ ref('int_revenue_views') }} as first_lines
        on
        postings.contract_key = first_lines.contract_key
        and postings.line_key is null
        and first_lines.line_no = 1

),

event_values as (

    select * from {{ ref('int_revenue_event_values') }}

),

views as (

    select * from {{ ref('int_revenue_views') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

uses as (

    select
        line_key,
        occurred_on,
        variable_minor - coalesce(lag(variable_minor) over by_position, 0) as charged_minor,
        used_after - coalesce(lag(used_after) over by_position, 0) as used_quantity
    from event_values
    window by_position as (partition by line_key order by timeline_no)

),

movements as (

    select
        line_key,
        period_no,
        amount_minor as earned_minor,
        0 as charged_minor,
        0 as used_quantity
    from postings

    union all

    select
        uses.line_key,
        accounting_periods.period_no,
        0 as earned_minor,
        uses.charged_minor,
        uses.used_quantity
    from uses
    inner join accounting_periods
        on
        uses.occurred_on >= accounting_periods.starts_on
        and uses.occurred_on <= accounting_periods.ends_on
    where uses.charged_minor != 0 or uses.used_quantity != 0

),

final as (

    select
        views.view_name,
        views.contract_line_id,
        views.contract_line_version_id,
        movements.period_no,
        movements.earned_minor,
        movements.charged_minor,
        movements.used_quantity
    from movements
    inner join views
        on movements.line_key = views.line_key

)

select * from final
