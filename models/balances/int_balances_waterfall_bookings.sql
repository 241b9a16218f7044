-- Grain: one row per as-of period x currency x booking period x status x recognition period: what
-- was booked by then, by when its terms recognize it as they were known at the end of the as-of
-- period. A termination that was not known yet has taken nothing back.
with

parts as (

    select * from {{ ref('int_balances_booked_parts') }}

),

as_of_periods as (

    select accounting_periods.period_no as as_of_no
    from {{ ref('dim_accounting_period') }} as accounting_periods
    inner join {{ ref('dim_accounting_period') }} as reporting_period
        on
        reporting_period.is_reporting_period
        and accounting_periods.period_no <= reporting_period.period_no
        and accounting_periods.period_no
        >= reporting_period.period_no - {{ var('waterfall_as_of_periods') }}

),

known as (

    select
        as_of_periods.as_of_no,
        parts.*,
        case
            when parts.part = 'unscheduled' then 'unscheduled'
            when parts.part = 'taken_back' and parts.stop_known_no <= as_of_periods.as_of_no
                then 'taken_back'
            when parts.due_no <= as_of_periods.as_of_no then 'recognized'
            else 'scheduled'
        end as status
    from parts
    inner join as_of_periods
        on parts.known_no <= as_of_periods.as_of_no

)

select
    as_of_no,
    currency_code,
    known_no as origin_no,
    status,
    case when status in ('recognized', 'scheduled') then due_no end as recognition_no,
    cast(sum(amount_minor) as bigint) as amount_minor,
    cast(sum(amount_rpt_minor) as bigint) as amount_rpt_minor
from known
group by all
