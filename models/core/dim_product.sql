-- Grain: one row per sellable product (CRM product and ERP item); a product of one system only
-- has the other's columns empty.
with

crm_products as (

    select * from {{ ref('stg_salesforce__products') }}
    where not is_deleted

),

erp_items as (

    -- Of several items of one product, the first.
    select
        items.*,
        item_products.crm_product_id
    from {{ ref('stg_netsuite__items') }} as items
    left join {{ ref('int_erp_item_products') }} as item_products
        on items.item_id = item_products.item_id
    where not items.is_deleted
    qualify
        row_number() over (partition by item_products.crm_product_id order by items.item_id) = 1
        or item_products.crm_product_id is null

),

policies as (

    select * from {{ ref('recognition_policies') }}
    where witness = 'crm'

),

-- An item the CRM does not have is recurring where the ERP earns it over time.
erp_policies as (

    select * from {{ ref('recognition_policies') }}
    where witness = 'erp'

),

excluded_families as (

    select * from {{ ref('arr_excluded_families') }}

),

joined as (

    select
        coalesce(crm_products.product_id, 'erp:' || erp_items.item_id) as natural_key,
        crm_products.product_id as salesforce_product_id,
        erp_items.item_id as netsuite_item_id,
        coalesce(crm_products.product_name, erp_items.item_name) as product_name,
        coalesce(crm_products.product_code, erp_items.item_name) as product_code,
        crm_products.product_family,
        policies.recognition_pattern,
        policies.proration,
        erp_items.recognition_rule as erp_recognition_rule,
        coalesce(crm_products.charge_type = 'Recurring', false) as is_tagged_recurring,
        case
            when crm_products.product_id is null then erp_policies.recognition_pattern = 'ratable'
            else crm_products.charge_type = 'Recurring'
        end
        and excluded_families.product_family is null
        and coalesce(policies.recognition_pattern, '') != 'out_of_scope' as is_recurring
    from crm_products
    full outer join erp_items
        on crm_products.product_id = erp_items.crm_product_id
    left join policies as family_policies
        on crm_products.product_family = family_policies.source_value
    left join policies
        on
        coalesce(family_policies.source_value, crm_products.charge_type)
        = policies.source_value
    left join erp_policies
        on erp_items.recognition_rule = erp_policies.source_value
    left join excluded_families
        on crm_products.product_family = excluded_families.product_family

),

final as (

    select
        {{ surrogate_key(['natural_key']) }} as product_id,
        salesforce_product_id,
        netsuite_item_id,
        product_name,
        product_code,
        product_family,
        recognition_pattern,
        proration,
        erp_recognition_rule,
        is_tagged_recurring,
        coalesce(is_recurring, false) as is_recurring
    from joined

)

select * from final
