-- Grain: one row per ERP item that is known to be a CRM product: by the product's id on the item,
-- else by the product's code as the item's name.
with

items as (

    select
        item_id,
        {{ salesforce_id_18('external_id') }} as crm_product_key,
        lower(trim(item_name)) as item_name
    from {{ ref('stg_netsuite__items') }}
    where not is_deleted

),

products as (

    select * from {{ ref('stg_salesforce__products') }}
    where not is_deleted

),

codes as (

    -- A code that two products share names neither.
    select
        lower(trim(product_code)) as product_code,
        min(product_id) as product_id
    from products
    where product_code is not null
    group by lower(trim(product_code))
    having count(*) = 1

),

mapped as (

    select
        items.item_id,
        coalesce(products.product_id, codes.product_id) as crm_product_id
    from items
    left join products
        on items.crm_product_key = products.product_id
    left join codes
        on items.item_name = codes.product_code and items.crm_product_key is null

)

select * from mapped
where crm_product_id is not null
