-- Grain: one row per contract line x pricing of it x day of its window, with the share of the
-- window's value that is stated before and through the day, as fractions.
with

termed as (

    {{ with_term_measures(ref('int_revenue_pricings')) }}

),

days as (

    select
        termed.*,
        calendar.calendar_day,
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
        on calendar.calendar_day between termed.starts_on and termed.ends_on
    where termed.window_effect != 'end'

),

final as (

    select
        line_key,
        pricing_no,
        calendar_day,
        {{ earned_share('numerator') }} as through_numerator,
        {{ earned_share('numerator', '(through_days - 1)') }} as before_numerator,
        {{ earned_share('denominator') }} as share_denominator
    from days

)

select * from final
