-- Grain: one row per CPQ quote line with its stored fields; formula fields are recomputed
-- downstream.
with

source as (

    select * from {{ source('salesforce', 'sbqq_quote_line_c') }}

),

renamed as (

    select
        id as quote_line_id,
        sbqq_quote_c as quote_id,
        sbqq_product_c as product_id,

        sbqq_subscription_pricing_c as subscription_pricing,
        sbqq_subscription_type_c as subscription_type,
        sbqq_pricing_method_c as pricing_method,
        sbqq_discount_schedule_type_c as discount_schedule_type,
        currency_iso_code as currency_code,

        sbqq_quantity_c as quantity,
        sbqq_prior_quantity_c as prior_quantity,
        sbqq_upgraded_quantity_c as upgraded_quantity,
        sbqq_list_price_c as list_price,
        sbqq_net_price_c as net_price,
        sbqq_unprorated_net_price_c as unprorated_net_price,

        sbqq_existing_c as is_existing,
        sbqq_renewal_c as is_renewal,
        sbqq_carryover_line_c as is_carryover,
        sbqq_optional_c as is_optional,
        sbqq_allow_asset_refund_c as allows_asset_refund,
        is_deleted,

        sbqq_start_date_c as starts_on,
        sbqq_end_date_c as ends_on,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
