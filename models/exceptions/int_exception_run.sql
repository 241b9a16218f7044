-- Grain: one row, the run as the exceptions see it: the day and period the books are read at.
with

reporting_dates as (

    select as_of_date from {{ ref('int_reporting_dates') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where is_reporting_period

),

reporting_currency as (

    select currency_code from {{ ref('dim_currency') }}
    where is_reporting_currency

),

final as (

    select
        reporting_dates.as_of_date,
        accounting_periods.period_no,
        accounting_periods.period_name,
        reporting_currency.currency_code as reporting_currency_code
    from reporting_dates
    inner join accounting_periods
        on true
    inner join reporting_currency
        on true

)

select * from final
