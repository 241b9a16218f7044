-- Grain: one row per step, with what is the same for every line of its contract: the day before it
-- and that day's accounting period, the option it exercises, and whether the amount it moves is
-- shared by all lines.
with

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

event_splits as (

    select * from {{ ref('int_revenue_event_splits') }}

),

moves as (

    select
        contract_key,
        step_no,
        bool_or(is_pooled) as is_pooled,
        min(first_position) as first_position
    from event_splits
    group by contract_key, step_no

),

exercises as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'option_exercise'

),

calendar as (

    select * from {{ ref('int_revenue_calendar') }}

),

final as (

    select
        steps.*,
        coalesce(moves.is_pooled, false) as is_pooled,
        moves.first_position,
        exercises.line_key as option_line_key,
        exercises.to_line_key as option_to_line_key,
        exercises.amount_minor as option_amount_minor,
        day_before.calendar_day as through_on,
        day_before.period_no,
        day_before.period_days,
        day_before.period_starts_on,
        day_before.period_ends_on
    from steps
    inner join calendar as day_before
        on {{ add_days('steps.occurred_on', '-1') }} = day_before.calendar_day
    left join moves
        on
        steps.contract_key = moves.contract_key
        and steps.step_no = moves.step_no
    left join exercises
        on
        steps.contract_key = exercises.contract_key
        and steps.timeline_no = exercises.timeline_no

)

select * from final
