-- Grain: one row per accounting period that can be closed next: ended, not closed here, and after
-- the last period that was. Where none was closed yet, from the first one the ERP still holds open.
with

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

reporting_dates as (

    select * from {{ ref('int_reporting_dates') }}

),

closed_periods as (

    select distinct
        period_key,
        true as is_closed
    from {{ ref('fct_close_periods') }}

),

marked as (

    select
        accounting_periods.*,
        reporting_dates.as_of_date,
        max(case when closed_periods.is_closed then accounting_periods.period_no end) over ()
            as closed_through_no,
        min(
            case
                when accounting_periods.has_ended and accounting_periods.period_status = 'open'
                    then accounting_periods.period_no
            end
        ) over () as first_open_no,
        max(case when accounting_periods.is_reporting_period then accounting_periods.period_no end)
            over () as reporting_no
    from accounting_periods
    cross join reporting_dates
    left join closed_periods
        on accounting_periods.period_key = closed_periods.period_key

),

final as (

    select
        period_key,
        period_no,
        period_name,
        period_status,
        ends_on,
        as_of_date
    from marked
    where
        has_ended
        and period_no >= coalesce(closed_through_no + 1, first_open_no, reporting_no)

)

select * from final
