-- Grain: one row per CRM price book.
with

source as (

    select * from {{ source('salesforce', 'pricebook2') }}

),

renamed as (

    select
        id as price_book_id,

        name as price_book_name,

        is_active,
        is_standard,
        is_deleted,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
