-- Grain: one row per ERP subsidiary.
with

source as (

    select * from {{ source('netsuite', 'subsidiary') }}

),

renamed as (

    select
        id as subsidiary_id,
        parent as parent_subsidiary_id,
        currency as currency_id,

        name as subsidiary_name,

        iselimination as is_elimination,
        isinactive as is_inactive,

        _dlt_load_id as load_id
    from source

)

select * from renamed
