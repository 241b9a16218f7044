-- Grain: one row per ERP accounting book.
with

source as (

    select * from {{ source('netsuite', 'accountingbook') }}

),

renamed as (

    select
        id as accounting_book_id,

        name as accounting_book_name,

        isprimary as is_primary,

        _dlt_load_id as load_id
    from source

)

select * from renamed
