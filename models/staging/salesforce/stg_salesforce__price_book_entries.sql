-- Grain: one row per CRM price book entry: the price of one product in one book and currency.
with

source as (

    select * from {{ source('salesforce', 'pricebook_entry') }}

),

renamed as (

    select
        id as price_book_entry_id,
        pricebook2_id as price_book_id,
        product2_id as product_id,

        currency_iso_code as currency_code,

        unit_price,

        is_active,
        is_deleted,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
