-- Grain: one row per pair of records that is linked or suggested, with the money and the place in
-- the contract grain of both. A suggestion stands for the whole of its two records.
with

pairs as (

    select
        crm_record_id,
        erp_record_id,
        'linked' as link_status,
        link_group,
        match_pass,
        match_confidence,
        cardinality,
        override_no,
        crm_part_minor,
        erp_part_minor,
        crm_part_quantity,
        erp_part_quantity,
        share_before,
        share_through,
        share_total,
        crm_share_before,
        crm_share_through,
        crm_share_total
    from {{ ref('int_crosswalk_links') }}

    union all

    select
        crm_record_id,
        erp_record_id,
        'suggested' as link_status,
        crm_record_id as link_group,
        4 as match_pass,
        'suggested' as match_confidence,
        '1:1' as cardinality,
        null as override_no,
        null as crm_part_minor,
        null as erp_part_minor,
        null as crm_part_quantity,
        null as erp_part_quantity,
        0 as share_before,
        1 as share_through,
        1 as share_total,
        0 as crm_share_before,
        1 as crm_share_through,
        1 as crm_share_total
    from {{ ref('int_crosswalk_suggestions') }}

),

final as (

    select
        pairs.crm_record_id,
        pairs.erp_record_id,
        pairs.link_status,
        pairs.link_group,
        pairs.match_pass,
        pairs.match_confidence,
        evidence.match_evidence,
        pairs.cardinality,
        pairs.override_no,
        erp_lines.header_record_id as erp_header_record_id,
        crm_lines.customer_record_id as crm_customer_record_id,
        crm_lines.currency_code as crm_currency_code,
        erp_lines.currency_code as erp_currency_code,
        coalesce(pairs.crm_part_quantity, crm_lines.quantity) as crm_quantity,
        coalesce(pairs.erp_part_quantity, erp_lines.quantity) as erp_quantity,
        coalesce(pairs.crm_part_minor, crm_lines.amount_minor) as crm_minor,
        coalesce(pairs.erp_part_minor, erp_lines.amount_minor) as erp_minor,
        {{ share_between(
            'crm_lines.amount_rpt_minor', 'pairs.crm_share_before', 'pairs.crm_share_through',
            'pairs.crm_share_total'
        ) }} as crm_rpt_minor,
        {{ share_between(
            'erp_lines.amount_rpt_minor', 'pairs.share_before', 'pairs.share_through',
            'pairs.share_total'
        ) }} as erp_rpt_minor
    from pairs
    inner join {{ ref('int_crosswalk_evidence') }} as evidence
        on
        pairs.crm_record_id = evidence.crm_record_id
        and pairs.erp_record_id = evidence.erp_record_id
    inner join {{ ref('int_crm_contract_lines') }} as crm_lines
        on pairs.crm_record_id = crm_lines.record_id
    inner join {{ ref('int_erp_contract_lines') }} as erp_lines
        on pairs.erp_record_id = erp_lines.record_id

)

select * from final
