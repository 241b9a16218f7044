-- Grain: one row per ERP record x contract line version it belongs to, in the shape of the contract
-- grain; of a shared record the part that belongs to the version.
with

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

usage_prices as (

    select * from {{ ref('int_erp_usage_prices') }}

),

line_details as (

    select * from {{ ref('int_erp_order_line_details') }}

),

erp_versions as (

    select * from {{ ref('int_crosswalk_erp_versions') }}

),

erp_witness as (

    select
        'erp' as witness,
        erp_versions.origin,
        erp_versions.version_origin,
        erp_versions.contract_record_id,
        erp_versions.line_record_id,
        erp_versions.version_record_id,
        erp_versions.record_id,
        erp_lines.header_record_id,
        null as revised_record_id,
        erp_versions.crm_customer_record_id,
        erp_lines.customer_record_id as erp_customer_record_id,
        erp_versions.crm_product_record_id,
        erp_lines.product_record_id as erp_product_record_id,
        line_details.crm_product_id as item_product_record_id,
        erp_versions.match_pass,
        erp_versions.duplicate_of_record_id,
        erp_versions.share_before,
        erp_versions.share_through,
        erp_versions.share_total,
        erp_versions.is_first_of_record,
        erp_versions.version_no,
        erp_versions.change_kind,
        erp_versions.deal_kind,
        erp_versions.ramp_group,
        erp_lines.currency_code,
        -- No rule says that it is no revenue, unless the CRM says it is: then the rule is missing.
        case
            when
                erp_lines.recognition_pattern != 'out_of_scope'
                or coalesce(erp_versions.crm_pattern, 'out_of_scope') = 'out_of_scope'
                then erp_lines.recognition_pattern
        end as recognition_pattern,
        erp_lines.proration,
        'none' as allocation,
        null as selling_price_group,
        null as selling_price,
        null as selling_price_percent,
        coalesce(usage_prices.unit_price, erp_versions.crm_usage_price) as usage_price,
        erp_lines.price_proration,
        null as unprorated_price,
        {{ share_between(
            'line_details.closed_minor', 'erp_versions.share_before',
            'erp_versions.share_through', 'erp_versions.share_total'
        ) }} as closed_minor,
        coalesce(erp_versions.part_quantity, erp_lines.quantity) as quantity,
        coalesce(erp_versions.part_minor, erp_lines.amount_minor) as amount_minor,
        {{ share_between(
            'erp_lines.allocated_minor', 'erp_versions.share_before',
            'erp_versions.share_through', 'erp_versions.share_total'
        ) }} as allocated_minor,
        {{ share_between(
            'erp_lines.amount_rpt_minor', 'erp_versions.share_before',
            'erp_versions.share_through', 'erp_versions.share_total'
        ) }} as amount_rpt_minor,
        erp_lines.rate_numerator,
        erp_lines.rate_denominator,
        erp_lines.known_on,
        erp_lines.starts_on,
        erp_lines.ends_on,
        erp_lines.service_ends_on,
        erp_lines.load_id
    from erp_lines
    inner join erp_versions
        on erp_lines.record_id = erp_versions.record_id
    left join usage_prices
        on erp_lines.record_id = usage_prices.record_id
    left join line_details
        on erp_lines.record_id = line_details.record_id

)

select * from erp_witness
