-- Grain: one row per ERP usage record: what a customer used of an item on a day.
with

source as (

    select * from {{ source('netsuite', 'usage') }}

),

renamed as (

    select
        id as usage_id,
        customer as customer_id,
        item as item_id,

        usagequantity as quantity,

        coalesce(_tieout_is_deleted, false) as is_deleted,

        usagedate as used_on,

        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
