-- Grain: one row per ARR line x accounting period that has ended, from signature to the period
-- after which nothing is left of it.
with

arr_lines as (

    select * from {{ ref('int_bookings_arr_lines') }}

),

takeovers as (

    select * from {{ ref('int_bookings_takeovers') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

final as (

    -- In the days of grace a line counts what it counted on its last day.
    select
        arr_lines.arr_line_id,
        arr_lines.is_recurring,
        arr_lines.is_ramp,
        arr_lines.term_parts,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.starts_on as period_starts_on,
        accounting_periods.ends_on as period_ends_on,
        least(accounting_periods.ends_on, arr_lines.ends_on) as valued_on,
        accounting_periods.ends_on
        between arr_lines.effective_on and takeovers.live_through as is_live,
        accounting_periods.ends_on
        between arr_lines.known_on and takeovers.committed_through as is_committed,
        accounting_periods.ends_on > takeovers.live_through as has_ended
    from arr_lines
    inner join takeovers
        on arr_lines.arr_line_id = takeovers.arr_line_id
    inner join accounting_periods
        on
        arr_lines.known_on <= accounting_periods.ends_on
        and {{ days_between('takeovers.live_through', 'accounting_periods.starts_on') }} <= 1

)

select * from final
