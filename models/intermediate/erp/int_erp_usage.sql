-- Grain: one row per usage record with the ERP contract line it belongs to: the line of its
-- customer and item whose service dates hold its day.
with

usage as (

    select * from {{ ref('stg_netsuite__usage') }}
    where not is_deleted

),

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

matched as (

    select
        usage.usage_id,
        contract_lines.record_id,
        usage.used_on,
        usage.quantity,
        usage.load_id
    from usage
    left join contract_lines
        on
        usage.customer_id = contract_lines.customer_record_id
        and usage.item_id = contract_lines.product_record_id
        and usage.used_on >= contract_lines.starts_on
        and usage.used_on <= contract_lines.ends_on
    -- Where two orders overlap, the older one is used up first.
    qualify row_number() over (
            partition by usage.usage_id
            order by contract_lines.known_on, contract_lines.record_id
        ) = 1

)

select * from matched
