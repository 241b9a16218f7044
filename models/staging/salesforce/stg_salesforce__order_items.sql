-- Grain: one row per CRM order product: what one order adds to or takes from one contract line.
with

source as (

    select * from {{ source('salesforce', 'order_item') }}

),

renamed as (

    select
        id as order_item_id,
        order_id,
        product2_id as product_id,
        sbqq_quote_line_c as quote_line_id,
        sbqq_contract_c as contract_id,
        sbqq_revised_order_product_c as revised_order_item_id,

        sbqq_contract_action_c as contract_action,
        sbqq_segment_key_c as segment_key,
        currency_iso_code as currency_code,

        sbqq_segment_index_c as segment_index,
        quantity,
        unit_price,
        total_price,
        monthly_minimum_c as monthly_minimum,
        expected_rebate_percent_c as expected_rebate_percent,
        final_rebate_percent_c as final_rebate_percent,

        is_deleted,

        service_date as starts_on,
        end_date as ends_on,
        rebate_settled_on_c as rebate_settled_on,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
