-- Grain: one row per day of the accounting calendar, with the posting period it falls in.
with

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

days as (

    {{ explode_days('accounting_periods', 'starts_on', 'ends_on', 'calendar_day') }}

),

final as (

    select
        calendar_day,
        period_no,
        starts_on as period_starts_on,
        ends_on as period_ends_on,
        {{ days_between('starts_on', 'ends_on') }} + 1 as period_days
    from days

)

select * from final
