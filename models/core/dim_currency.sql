-- Grain: one row per currency, with its minor unit and whether the group reports in it.
with

final as (

    select
        currency_code,
        currency_name,
        minor_units_per_major,
        minor_unit_value,
        currency_code = '{{ var("reporting_currency") }}' as is_reporting_currency
    from {{ ref('currencies') }}

)

select * from final
