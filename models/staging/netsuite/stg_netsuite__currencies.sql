-- Grain: one row per ERP currency.
with

source as (

    select * from {{ source('netsuite', 'currency') }}

),

renamed as (

    select
        id as currency_id,

        symbol as currency_code,

        isbasecurrency as is_base_currency,

        _dlt_load_id as load_id
    from source

)

select * from renamed
