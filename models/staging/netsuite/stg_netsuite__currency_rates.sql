-- Grain: one row per ERP exchange rate: currency pair and first day it is effective.
with

source as (

    select * from {{ source('netsuite', 'currencyrate') }}

),

renamed as (

    select
        id as currency_rate_id,
        basecurrency as base_currency_id,
        transactioncurrency as currency_id,

        exchangerate as exchange_rate,

        effectivedate as starts_on,

        _dlt_load_id as load_id
    from source

)

select * from renamed
