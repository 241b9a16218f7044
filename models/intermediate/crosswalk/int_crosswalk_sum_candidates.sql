-- Grain: one row per scenario x record (of either system) that may add up with others of its
-- order, item and currency: records nothing links yet, and those a line key links at different
-- amounts.
with

direct_links as (

    select * from {{ ref('int_crosswalk_direct_links') }}

),

crm_candidates as (

    select
        'crm' as witness,
        crm_records.scenario_no,
        crm_records.header_record_id,
        crm_records.product_record_id,
        crm_records.currency_code,
        crm_records.crm_record_id as record_id,
        crm_records.amount_minor,
        crm_records.quantity,
        coalesce(direct_links.is_anchor, false) as is_anchor
    from {{ ref('int_crosswalk_crm_records') }} as crm_records
    left join direct_links
        on
        crm_records.scenario_no = direct_links.scenario_no
        and crm_records.crm_record_id = direct_links.crm_record_id
    where direct_links.crm_record_id is null or direct_links.is_anchor

),

erp_candidates as (

    select
        'erp' as witness,
        erp_records.scenario_no,
        coalesce(anchored.header_record_id, erp_records.crm_header_key) as header_record_id,
        erp_records.crm_product_key as product_record_id,
        erp_records.currency_code,
        erp_records.erp_record_id as record_id,
        erp_records.amount_minor,
        erp_records.quantity,
        coalesce(direct_links.is_anchor, false) as is_anchor
    from {{ ref('int_crosswalk_erp_records') }} as erp_records
    left join direct_links
        on
        erp_records.scenario_no = direct_links.scenario_no
        and erp_records.erp_record_id = direct_links.erp_record_id
    left join crm_candidates as anchored
        on
        direct_links.scenario_no = anchored.scenario_no
        and direct_links.crm_record_id = anchored.record_id
    where
        direct_links.is_anchor
        or (direct_links.erp_record_id is null and not erp_records.is_keyed)

)

select * from crm_candidates

union all

select * from erp_candidates
