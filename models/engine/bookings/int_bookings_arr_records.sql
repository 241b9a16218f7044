-- Grain: one row per ARR line, with what both marts show of it: the records it stands on in both
-- systems, the money of its currency and its constant rate.
with

arr_lines as (

    select * from {{ ref('int_bookings_arr_lines') }}

),

contract_lines as (

    select * from {{ ref('dim_contract_line') }}
    qualify row_number() over (
            partition by contract_line_id order by version_no, contract_line_version_id
        ) = 1

),

rates as (

    select * from {{ ref('int_bookings_constant_rates') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

crm_source as (

    select * from {{ ref('dim_source') }}
    where source_name = 'salesforce'

),

erp_source as (

    select * from {{ ref('dim_source') }}
    where source_name = 'netsuite'

),

final as (

    select
        arr_lines.arr_line_id,
        arr_lines.contract_id,
        arr_lines.customer_id,
        arr_lines.arr_customer_id,
        arr_lines.product_id,
        arr_lines.currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        currencies.minor_unit_value,
        reporting_currency.minor_unit_value as reporting_minor_unit_value,
        rates.rate_numerator,
        rates.rate_denominator,
        cast(
            cast(
                {{ rounded_quotient(
                    wide_integer('rates.rate_numerator')
                    ~ ' * currencies.minor_units_per_major * 10000000000',
                    'rates.rate_denominator * reporting_currency.minor_units_per_major'
                ) }} as decimal(28, 0)
            ) * cast(0.0000000001 as decimal(10, 10)) as decimal(28, 10)
        ) as fx_rate,
        rates.rate_on as fx_rate_on,
        arr_lines.record_id as crm_record_id,
        crm_source.record_url_prefix || arr_lines.record_id as crm_url,
        contract_lines.erp_record_id,
        erp_source.record_url_prefix || contract_lines.erp_header_record_id as erp_url,
        arr_lines.load_id
    from arr_lines
    inner join currencies
        on arr_lines.currency_code = currencies.currency_code
    left join rates
        on arr_lines.currency_code = rates.currency_code
    left join contract_lines
        on arr_lines.arr_line_id = contract_lines.contract_line_id
    left join crm_source
        on true
    left join erp_source
        on true
    cross join reporting_currency

)

select * from final
