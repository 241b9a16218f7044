-- Grain: one row per waterfall basis x as-of period x currency x origin period (in which it was
-- booked, or billed) x status x recognition period. Rows of an origin period sum to what was booked
-- (basis booking) or billed (basis billing) in it. Never add up over as-of periods.
with

combined as (

    select
        'booking' as waterfall_basis,
        as_of_no,
        currency_code,
        origin_no,
        status,
        recognition_no,
        amount_minor,
        amount_rpt_minor
    from {{ ref('int_balances_waterfall_bookings') }}

    union all

    select
        'billing' as waterfall_basis,
        reporting_period.period_no as as_of_no,
        billings.currency_code,
        billings.origin_no,
        billings.status,
        billings.recognition_no,
        billings.amount_minor,
        billings.amount_rpt_minor
    from {{ ref('int_balances_waterfall_billings') }} as billings
    cross join {{ ref('dim_accounting_period') }} as reporting_period
    where reporting_period.is_reporting_period

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

final as (

    select
        {{ surrogate_key([
            'combined.waterfall_basis', 'as_of.period_key', 'combined.currency_code',
            'origin.period_key', 'combined.status', 'recognition.period_key'
        ]) }} as revenue_waterfall_id,
        combined.waterfall_basis,
        as_of.period_key as as_of_period_key,
        as_of.period_name as as_of_period_name,
        as_of.is_reporting_period,
        origin.period_key as origin_period_key,
        origin.period_no as origin_period_no,
        origin.period_name as origin_period_name,
        recognition.period_key as recognition_period_key,
        recognition.period_no as recognition_period_no,
        recognition.period_name as recognition_period_name,
        combined.status,
        combined.currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        {{ money('combined.amount_minor', 'currencies.minor_unit_value') }} as amount_txn,
        {{ money('combined.amount_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as amount_rpt
    from combined
    inner join accounting_periods as as_of
        on combined.as_of_no = as_of.period_no
    left join accounting_periods as origin
        on combined.origin_no = origin.period_no
    left join accounting_periods as recognition
        on combined.recognition_no = recognition.period_no
    inner join currencies
        on combined.currency_code = currencies.currency_code
    cross join reporting_currency

)

select * from final
