-- Grain: one row per ERP item.
with

source as (

    select * from {{ source('netsuite', 'item') }}

),

renamed as (

    select
        id as item_id,
        incomeaccount as income_account_id,
        deferredrevenueaccount as deferred_revenue_account_id,

        itemid as item_name,
        externalid as external_id,
        revenuerecognitionrule as recognition_rule,

        isinactive as is_inactive,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
