-- Grain: one row per posting period of the ERP (quarters, years and adjustment periods left out).
-- period_no counts them in time order: arithmetic on periods is arithmetic on this number.
with

accounting_periods as (

    select * from {{ ref('stg_netsuite__accounting_periods') }}
    where is_posting and not is_adjustment and not is_quarter and not is_year

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
        reporting_dates.as_of_date between accounting_periods.starts_on
        and accounting_periods.ends_on as is_reporting_period,
        accounting_periods.starts_on <= reporting_dates.as_of_date as has_begun
    from accounting_periods
    cross join reporting_dates

)

select * from numbered
