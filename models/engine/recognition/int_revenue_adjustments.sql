-- Grain: one row per contract line x step that posts revenue on its own day: what a change catches
-- up of the periods before it (606-10-25-13(b), 32-43), and what is revenue at once.
with

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where
        pattern in ('ratable', 'none')
        or (pattern = 'usage' and minimum = 'stand_ready' and price_minor > 0)

),

states as (

    select * from {{ ref('int_revenue_states') }}
    where step_no > 0 and at_once_minor != 0

),

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

segments as (

    select * from {{ ref('int_revenue_segments') }}

),

calendar as (

    select * from {{ ref('int_revenue_calendar') }}

),

paired as (

    -- Each segment at the day it counts from, and at the day the segment before it stops.
    select
        segments.*,
        segments.counted_on as valued_on,
        1 as sign_of_value,
        segments.step_no as caught_up_step_no
    from segments
    where not segments.is_new_term

    union all

    select
        segments.*,
        segments.stops_on as valued_on,
        -1 as sign_of_value,
        next_segments.step_no as caught_up_step_no
    from segments
    inner join segments as next_segments
        on segments.line_key = next_segments.line_key
    where
        not next_segments.is_new_term
        and next_segments.step_no = (
            select min(later.step_no)
            from segments as later
            where later.line_key = segments.line_key and later.step_no > segments.step_no
        )

),

placed as (

    select
        paired.*,
        calendar.period_no,
        calendar.period_days,
        rounded_terms.through_minor as rounded_through_minor,
        {{ days_between(
            'greatest(calendar.period_starts_on, paired.starts_on)',
            'least(calendar.period_ends_on, paired.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, paired.starts_on)',
            'least(calendar.period_ends_on, paired.ends_on)'
        ) }} + 1 as through_days,
        {{ days_between('paired.starts_on', 'least(calendar.period_ends_on, paired.ends_on)') }} + 1
            as elapsed_days
    from paired
    inner join calendar
        on paired.valued_on = calendar.calendar_day
    left join {{ ref('int_revenue_rounded_terms') }} as rounded_terms
        on
        paired.line_key = rounded_terms.line_key
        and paired.amount_minor = rounded_terms.amount_minor
        and paired.starts_on = rounded_terms.starts_on
        and paired.ends_on = rounded_terms.ends_on
        and calendar.period_no = rounded_terms.period_no
    where paired.valued_on >= paired.starts_on

),

caught_up as (

    select
        contract_key,
        line_key,
        caught_up_step_no as step_no,
        sign_of_value * coalesce(
            rounded_through_minor, {{ whole_periods_amount('amount_minor', 'served_days') }}
        ) as amount_minor
    from placed

    union all

    select
        states.contract_key,
        states.line_key,
        states.step_no,
        states.at_once_minor as amount_minor
    from states
    inner join line_terms
        on states.line_key = line_terms.line_key

),

final as (

    select
        caught_up.contract_key,
        caught_up.line_key,
        caught_up.step_no,
        any_value(steps.occurred_on) as occurred_on,
        any_value(steps.modification_id) as modification_id,
        cast(sum(caught_up.amount_minor) as bigint) as amount_minor
    from caught_up
    inner join steps
        on
        caught_up.contract_key = steps.contract_key
        and caught_up.step_no = steps.step_no
    group by caught_up.contract_key, caught_up.line_key, caught_up.step_no
    having sum(caught_up.amount_minor) != 0

)

select * from final
