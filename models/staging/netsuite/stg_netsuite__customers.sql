-- Grain: one row per ERP customer.
with

source as (

    select * from {{ source('netsuite', 'customer') }}

),

renamed as (

    select
        id as customer_id,
        parent as parent_customer_id,
        currency as currency_id,

        entityid as customer_number,
        companyname as customer_name,
        externalid as external_id,

        isinactive as is_inactive,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
