-- Grain: one row per booking event x contract line (one contract line version of the CRM).
-- tcv adds up over everything; acv and arr_delta are per twelve months: they add up over lines,
-- not over time.
with

bookings as (

    select * from {{ ref('int_bookings_classified') }}

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

source_urls as (

    select * from {{ ref('dim_source') }}
    where source_name = 'salesforce'

),

converted as (

    select
        *,
        {{ converted_minor_units('contract_acv_minor', 'rate_numerator', 'rate_denominator') }}
            as acv_rpt_minor,
        {{ converted_minor_units('arr_delta_minor', 'rate_numerator', 'rate_denominator') }}
            as arr_delta_rpt_minor
    from bookings

),

final as (

    select
        converted.contract_line_version_id as booking_id,
        converted.contract_line_id,
        converted.contract_id,
        converted.customer_id,
        converted.product_id,
        accounting_periods.period_key,
        converted.booking_type,
        converted.currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        converted.quantity,
        {{ money('converted.amount_minor', 'currencies.minor_unit_value') }} as tcv_txn,
        {{ money('converted.contract_acv_minor', 'currencies.minor_unit_value') }} as acv_txn,
        {{ money('converted.arr_delta_minor', 'currencies.minor_unit_value') }} as arr_delta_txn,
        {{ money('converted.amount_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as tcv_rpt,
        {{ money('converted.acv_rpt_minor', 'reporting_currency.minor_unit_value') }} as acv_rpt,
        {{ money('converted.arr_delta_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as arr_delta_rpt,
        converted.known_on as booked_on,
        converted.starts_on,
        converted.ends_on,
        converted.record_id as crm_record_id,
        source_urls.record_url_prefix || converted.record_id as crm_url,
        converted.load_id
    from converted
    inner join currencies
        on converted.currency_code = currencies.currency_code
    left join accounting_periods
        on
        converted.known_on >= accounting_periods.starts_on
        and converted.known_on <= accounting_periods.ends_on
    left join source_urls
        on true
    cross join reporting_currency

)

select * from final
