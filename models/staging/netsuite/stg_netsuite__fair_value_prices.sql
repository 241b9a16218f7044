-- Grain: one row per ERP fair value price: standalone selling price of one unit of an item.
with

source as (

    select * from {{ source('netsuite', 'fairvalueprice') }}

),

renamed as (

    select
        id as fair_value_price_id,
        item as item_id,
        currency as currency_id,

        fairvalue as fair_value,

        isinactive as is_inactive,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        startdate as starts_on,
        enddate as ends_on,

        _dlt_load_id as load_id
    from source

)

select * from renamed
