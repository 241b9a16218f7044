-- Grain: one row per witness (crm, erp) x contract line version, both in one shape.
-- A linked ERP line takes contract, line and version of its CRM twin; an unlinked one stands alone.
-- origin says which system's records name the contract line: crm, or erp where the CRM has none.
with

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

usage_prices as (

    select * from {{ ref('int_erp_usage_prices') }}

),

line_details as (

    select * from {{ ref('int_erp_order_line_details') }}

),

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

crm_witness as (

    select
        'crm' as witness,
        'crm' as origin,
        crm_lines.contract_record_id,
        crm_lines.line_record_id,
        crm_lines.record_id as version_record_id,
        crm_lines.record_id,
        crm_lines.header_record_id,
        crm_lines.revised_record_id,
        crm_lines.customer_record_id as crm_customer_record_id,
        null as erp_customer_record_id,
        crm_lines.product_record_id as crm_product_record_id,
        null as erp_product_record_id,
        null as item_product_record_id,
        links.match_pass,
        crm_lines.version_no,
        crm_lines.change_kind,
        crm_lines.deal_kind,
        crm_lines.ramp_group,
        crm_lines.currency_code,
        crm_lines.recognition_pattern,
        crm_lines.proration,
        crm_lines.allocation,
        crm_lines.selling_price_group,
        crm_lines.selling_price,
        crm_lines.selling_price_percent,
        crm_lines.usage_price,
        crm_lines.price_proration,
        crm_lines.unprorated_price,
        0 as closed_minor,
        crm_lines.quantity,
        crm_lines.amount_minor,
        crm_lines.amount_minor as allocated_minor,
        crm_lines.amount_rpt_minor,
        crm_lines.rate_numerator,
        crm_lines.rate_denominator,
        crm_lines.known_on,
        crm_lines.starts_on,
        crm_lines.ends_on,
        crm_lines.load_id
    from crm_lines
    left join links
        on crm_lines.record_id = links.crm_record_id

),

erp_witness as (

    select
        'erp' as witness,
        case when crm_lines.record_id is null then 'erp' else 'crm' end as origin,
        coalesce(crm_lines.contract_record_id, erp_lines.header_record_id) as contract_record_id,
        coalesce(crm_lines.line_record_id, erp_lines.record_id) as line_record_id,
        coalesce(crm_lines.record_id, erp_lines.record_id) as version_record_id,
        erp_lines.record_id,
        erp_lines.header_record_id,
        null as revised_record_id,
        crm_lines.customer_record_id as crm_customer_record_id,
        erp_lines.customer_record_id as erp_customer_record_id,
        crm_lines.product_record_id as crm_product_record_id,
        erp_lines.product_record_id as erp_product_record_id,
        line_details.crm_product_id as item_product_record_id,
        links.match_pass,
        coalesce(crm_lines.version_no, 1) as version_no,
        coalesce(crm_lines.change_kind, 'initial') as change_kind,
        coalesce(crm_lines.deal_kind, 'new') as deal_kind,
        crm_lines.ramp_group,
        erp_lines.currency_code,
        -- No rule says that it is no revenue, unless the CRM says it is: then the rule is missing.
        case
            when
                erp_lines.recognition_pattern != 'out_of_scope'
                or coalesce(crm_lines.recognition_pattern, 'out_of_scope') = 'out_of_scope'
                then erp_lines.recognition_pattern
        end as recognition_pattern,
        erp_lines.proration,
        'none' as allocation,
        null as selling_price_group,
        null as selling_price,
        null as selling_price_percent,
        coalesce(usage_prices.unit_price, crm_lines.usage_price) as usage_price,
        erp_lines.price_proration,
        null as unprorated_price,
        line_details.closed_minor,
        erp_lines.quantity,
        erp_lines.amount_minor,
        erp_lines.allocated_minor,
        erp_lines.amount_rpt_minor,
        erp_lines.rate_numerator,
        erp_lines.rate_denominator,
        erp_lines.known_on,
        erp_lines.starts_on,
        erp_lines.ends_on,
        erp_lines.load_id
    from erp_lines
    left join links
        on erp_lines.record_id = links.erp_record_id
    left join crm_lines
        on links.crm_record_id = crm_lines.record_id
    left join usage_prices
        on erp_lines.record_id = usage_prices.record_id
    left join line_details
        on erp_lines.record_id = line_details.record_id

)

select * from crm_witness

union all

select * from erp_witness
