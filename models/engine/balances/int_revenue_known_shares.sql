-- Grain: one row per contract line with an expected refund or earned by events x asked day, with
-- the share of its open part that is satisfied, as a fraction: time served through the day,
-- whether posted yet or not, or what has been delivered, progressed or used (606-10-25-31).
with

known_states as (

    select * from {{ ref('int_revenue_known_states') }}

),

known_values as (

    select * from {{ ref('int_revenue_known_values') }}

),

estimates as (

    select * from {{ ref('int_revenue_estimates') }}
    where event_type = 'refund_estimate'

),

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

time_lines as (

    select
        known_states.line_key,
        known_states.as_of,
        known_states.starts_on,
        known_states.ends_on,
        line_terms.proration,
        line_terms.day_boundary
    from known_states
    inner join line_terms
        on known_states.line_key = line_terms.line_key
    where
        line_terms.pattern = 'ratable'
        and known_states.line_key in (select estimates.line_key from estimates)

),

termed as (

    {{ with_term_measures('time_lines') }}

),

time_shares as (

    select
        termed.*,
        calendar.period_no,
        calendar.period_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, termed.starts_on)',
            'least(calendar.period_ends_on, termed.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(calendar.period_starts_on, termed.starts_on)', 'calendar.calendar_day'
        ) }} + 1 as through_days,
        {{ days_between('termed.starts_on', 'calendar.calendar_day') }} + 1 as elapsed_days
    from termed
    inner join {{ ref('int_revenue_calendar') }} as calendar
        on calendar.calendar_day = least(termed.as_of, termed.ends_on)
    where termed.as_of >= termed.starts_on

),

final as (

    select
        line_key,
        as_of,
        {{ earned_share('numerator') }} as satisfied_numerator,
        {{ earned_share('denominator') }} as satisfied_denominator
    from time_shares

    union all

    select
        line_key,
        as_of,
        satisfied_numerator,
        satisfied_denominator
    from known_values
    where satisfied_denominator > 0

)

select * from final
