-- Grain: one row per currency x booking period x period a termination is known in (null: none) x
-- part x recognition period (null: none), summed over contract lines. Parts of what was booked:
-- `scheduled` by its terms, `taken_back` (due as the line's own terms had it until the termination
-- is known), and `unscheduled`. In reporting currency at the rate of the booking.
with

booked_lines as (

    select * from {{ ref('int_balances_booked_lines') }}

),

schedule as (

    select * from {{ ref('int_balances_schedule') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

scheduled as (

    select
        booked_lines.*,
        schedule.period_no as due_no,
        schedule.amount_minor as due_minor,
        cast(sum(schedule.amount_minor) over to_date as bigint) as through_minor
    from schedule
    inner join booked_lines
        on schedule.contract_line_version_id = booked_lines.contract_line_version_id
    window
        to_date as (
            partition by schedule.contract_line_version_id
            order by schedule.period_no
            rows between unbounded preceding and current row
        )

),

taken_back as (

    select
        booked_lines.*,
        accounting_periods.period_no as due_no,
        {{ days_between('booked_lines.open_from', 'booked_lines.ends_on') }} + 1 as all_days,
        {{ days_between(
            'booked_lines.open_from', 'least(booked_lines.ends_on, accounting_periods.ends_on)'
        ) }} + 1 as days_through,
        {{ days_between(
            'booked_lines.open_from',
            'greatest(booked_lines.open_from, accounting_periods.starts_on)'
        ) }} as days_before
    from booked_lines
    inner join accounting_periods
        on
        booked_lines.open_from <= accounting_periods.ends_on
        and booked_lines.ends_on >= accounting_periods.starts_on
    where booked_lines.is_taken_back

),

combined as (

    select
        currency_code,
        known_no,
        cast(null as integer) as stop_known_no,
        'scheduled' as part,
        due_no,
        due_minor as amount_minor,
        {{ converted_minor_units('through_minor', 'rate_numerator', 'rate_denominator') }}
        - {{ converted_minor_units(
            '(through_minor - due_minor)', 'rate_numerator', 'rate_denominator'
        ) }} as amount_rpt_minor
    from scheduled

    union all

    select
        currency_code,
        known_no,
        stop_known_no,
        'taken_back' as part,
        due_no,
        {{ rounded_quotient('open_minor * days_through', 'all_days') }}
        - {{ rounded_quotient('open_minor * days_before', 'all_days') }} as amount_minor,
        {{ rounded_quotient('open_rpt_minor * days_through', 'all_days') }}
        - {{ rounded_quotient('open_rpt_minor * days_before', 'all_days') }} as amount_rpt_minor
    from taken_back

    union all

    select
        currency_code,
        known_no,
        stop_known_no,
        case change_kind when 'cancellation' then 'taken_back' else 'unscheduled' end as part,
        cast(null as integer) as due_no,
        open_minor as amount_minor,
        open_rpt_minor as amount_rpt_minor
    from booked_lines
    where not is_taken_back

)

select
    currency_code,
    known_no,
    stop_known_no,
    part,
    due_no,
    cast(sum(amount_minor) as bigint) as amount_minor,
    cast(sum(amount_rpt_minor) as bigint) as amount_rpt_minor
from combined
group by currency_code, known_no, stop_known_no, part, due_no
