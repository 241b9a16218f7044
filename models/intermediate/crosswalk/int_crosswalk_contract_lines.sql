-- Grain: one row per witness (crm, erp) x contract line version x record, both in one shape.
-- A linked ERP record takes contract, line and version of its CRM twin; one that several versions
-- share has a row for each, with its part. A duplicate is a version of its own of the contract line
-- it repeats; an unlinked record stands alone. origin says which system's records name the contract
-- line: crm, or erp where the CRM has none; version_origin says so of the version.
with

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

crm_duplicates as (

    select * from {{ ref('int_crosswalk_crm_duplicates') }}

),

crm_witness as (

    select
        'crm' as witness,
        'crm' as origin,
        'crm' as version_origin,
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
        crm_duplicates.duplicate_of_record_id,
        0 as share_before,
        1 as share_through,
        1 as share_total,
        true as is_first_of_record,
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
        crm_lines.ends_on as service_ends_on,
        crm_lines.load_id
    from crm_lines
    left join links
        on crm_lines.record_id = links.crm_record_id and links.is_first_of_crm
    left join crm_duplicates
        on crm_lines.record_id = crm_duplicates.record_id

),

erp_witness as (

    select * from {{ ref('int_crosswalk_erp_contract_lines') }}

)

select * from crm_witness

union all

select * from erp_witness
