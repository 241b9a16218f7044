-- Grain: one row per witness (crm, erp) x contract line x version x record. THE CONTRACT GRAIN:
-- both systems in one shape, the only input of the revenue engine; nothing downstream knows a
-- source column. Amounts are what the version adds to the line: sum the versions of a line, never
-- take the last. The ERP may hold a version on several records, or several versions on one.
with

contract_lines as (

    select * from {{ ref('int_crosswalk_contract_lines') }}

),

customers as (

    select * from {{ ref('dim_customer') }}

),

products as (

    select * from {{ ref('dim_product') }}

),

final as (

    select
        {{ surrogate_key([
            'contract_lines.witness', 'contract_lines.record_id', 'contract_lines.version_record_id'
        ]) }} as contract_line_witness_id,
        contract_lines.witness,
        {{ surrogate_key(['contract_lines.origin', 'contract_lines.line_record_id']) }}
            as contract_line_id,
        {{ surrogate_key(['contract_lines.version_origin', 'contract_lines.version_record_id']) }}
            as contract_line_version_id,
        {{ surrogate_key(['contract_lines.origin', 'contract_lines.contract_record_id']) }}
            as contract_id,
        coalesce(crm_customers.customer_id, erp_customers.customer_id) as customer_id,
        case contract_lines.witness
            when 'erp' then coalesce(erp_customers.customer_id, crm_customers.customer_id)
            else crm_customers.customer_id
        end as witness_customer_id,
        coalesce(
            crm_products.product_id, erp_products.product_id, item_products.product_id
        ) as product_id,
        item_products.product_id as item_product_id,
        contract_lines.record_id,
        contract_lines.header_record_id,
        contract_lines.revised_record_id,
        contract_lines.match_pass,
        contract_lines.duplicate_of_record_id,
        cast(contract_lines.share_before as bigint) as share_before,
        cast(contract_lines.share_through as bigint) as share_through,
        cast(contract_lines.share_total as bigint) as share_total,
        contract_lines.is_first_of_record,
        contract_lines.version_no,
        contract_lines.change_kind,
        contract_lines.deal_kind,
        contract_lines.ramp_group,
        contract_lines.currency_code,
        contract_lines.recognition_pattern,
        contract_lines.proration,
        contract_lines.allocation,
        contract_lines.selling_price_group,
        cast(contract_lines.selling_price as decimal(28, 10)) as selling_price,
        cast(contract_lines.selling_price_percent as decimal(28, 10)) as selling_price_percent,
        cast(contract_lines.usage_price as decimal(28, 10)) as usage_price,
        contract_lines.price_proration,
        cast(contract_lines.unprorated_price as decimal(28, 10)) as unprorated_price,
        cast(contract_lines.quantity as decimal(18, 4)) as quantity,
        contract_lines.amount_minor,
        cast(contract_lines.closed_minor as bigint) as closed_minor,
        contract_lines.allocated_minor,
        contract_lines.amount_rpt_minor,
        contract_lines.rate_numerator,
        contract_lines.rate_denominator,
        contract_lines.known_on,
        contract_lines.starts_on,
        contract_lines.ends_on,
        coalesce(contract_lines.service_ends_on, contract_lines.ends_on) as service_ends_on,
        contract_lines.load_id
    from contract_lines
    left join customers as crm_customers
        on contract_lines.crm_customer_record_id = crm_customers.salesforce_account_id
    left join customers as erp_customers
        on contract_lines.erp_customer_record_id = erp_customers.netsuite_customer_id
    left join products as crm_products
        on contract_lines.crm_product_record_id = crm_products.salesforce_product_id
    left join products as erp_products
        on contract_lines.erp_product_record_id = erp_products.netsuite_item_id
    left join products as item_products
        on contract_lines.item_product_record_id = item_products.salesforce_product_id

)

select * from final
