-- Grain: one row per posting period of the ERP (quarters, years and adjustment periods left out).
-- period_no counts them in time order: arithmetic on periods is arithmetic on this number.
with

accounting_periods as (

    select * from {{ ref('stg_netsuite__accounting_periods') }}
    where
        coalesce(is_posting, true)
        and not coalesce(is_adjustment, false)
        and not coalesce(is_quarter, false)
        and not coalesce(is_year, false)

),

reporting_dates as (

    select * from {{ ref('int_reporting_dates') }}

),

numbered as (

    select
        accounting_periods.accounting_period_id,
        accounting_periods.period_name,
        cast(row_number() over (order by accounting_periods.starts_on) as integer) as period_no,
        accounting_periods.starts_on,
        accounting_periods.ends_on,
        accounting_periods.closed_on,
        case
            when accounting_periods.is_locked then 'locked'
            when accounting_periods.is_closed then 'closed'
            else 'open'
        end as period_status,
        accounting_periods.ends_on <= reporting_dates.as_of_date as has_ended,
        {{ add_days(
            'accounting_periods.ends_on', 'cast(' ~ var('bookings_freeze_days') ~ ' as integer)'
        ) }} <= reporting_dates.as_of_date as is_reported
    from accounting_periods
    cross join reporting_dates

),

marked as (

    -- What is reported is the last period that has ended: a running one is not due yet.
    select
        *,
        has_ended
        and period_no = max(case when has_ended then period_no end) over () as is_reporting_period
    from numbered

)

select * from marked
