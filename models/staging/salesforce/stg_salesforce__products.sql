-- Grain: one row per CRM product, inactive and deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'product2') }}

),

renamed as (

    select
        id as product_id,

        name as product_name,
        product_code,
        family as product_family,
        sbqq_charge_type_c as charge_type,
        sbqq_subscription_pricing_c as subscription_pricing,

        sbqq_subscription_percent_c as subscription_percent,
        sbqq_subscription_term_c as subscription_term_months,

        is_active,
        is_deleted,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
