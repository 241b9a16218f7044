-- Grain: one row per link between a line of one ERP transaction and a line of a later one.
with

source as (

    select * from {{ source('netsuite', 'nexttransactionlinelink') }}

),

renamed as (

    select
        previousdoc as previous_transaction_id,
        previousline as previous_line_id,
        nextdoc as next_transaction_id,
        nextline as next_line_id,

        linktype as link_type,

        foreignamount as foreign_amount,

        coalesce(_tieout_is_deleted, false) as is_deleted,

        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
