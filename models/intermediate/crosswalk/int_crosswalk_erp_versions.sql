-- Grain: one row per ERP record x contract line version it belongs to: where it stands in the
-- contract grain, and the part of it that stands there.
with

crm_lines as (

    select
        *,
        max(version_no) over (partition by line_record_id) as line_versions
    from {{ ref('int_crm_contract_lines') }}

),

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

placed as (

    -- The twin: the CRM record it is linked to, or the one of the ERP record it repeats.
    select
        erp_lines.record_id,
        erp_lines.header_record_id,
        links.crm_record_id,
        links.match_pass,
        links.share_before,
        links.share_through,
        links.share_total,
        links.is_first_of_erp,
        links.erp_part_quantity,
        links.erp_part_minor,
        duplicates.duplicate_of_record_id,
        coalesce(links.crm_record_id, repeated.crm_record_id) as twin_record_id
    from {{ ref('int_erp_contract_lines') }} as erp_lines
    left join links
        on erp_lines.record_id = links.erp_record_id
    left join {{ ref('int_crosswalk_erp_duplicates') }} as duplicates
        on erp_lines.record_id = duplicates.record_id
    left join links as repeated
        on duplicates.duplicate_of_record_id = repeated.erp_record_id and repeated.is_first_of_erp

),

final as (

    select
        placed.record_id,
        case when twins.record_id is null then 'erp' else 'crm' end as origin,
        case when placed.crm_record_id is null then 'erp' else 'crm' end as version_origin,
        coalesce(twins.contract_record_id, placed.header_record_id) as contract_record_id,
        coalesce(twins.line_record_id, placed.record_id) as line_record_id,
        coalesce(placed.crm_record_id, placed.record_id) as version_record_id,
        twins.customer_record_id as crm_customer_record_id,
        twins.product_record_id as crm_product_record_id,
        placed.match_pass,
        placed.duplicate_of_record_id,
        coalesce(placed.share_before, 0) as share_before,
        coalesce(placed.share_through, 1) as share_through,
        coalesce(placed.share_total, 1) as share_total,
        coalesce(placed.is_first_of_erp, true) as is_first_of_record,
        -- A duplicate comes after all that the CRM knows of the line.
        case
            when placed.duplicate_of_record_id is null then coalesce(twins.version_no, 1)
            else cast(
                    twins.line_versions + row_number() over (
                        partition by
                            placed.duplicate_of_record_id is null, twins.line_record_id
                        order by placed.record_id
                    ) as integer
                )
        end as version_no,
        case
            when placed.crm_record_id is null then 'initial' else twins.change_kind
        end as change_kind,
        coalesce(twins.deal_kind, 'new') as deal_kind,
        twins.ramp_group,
        twins.usage_price as crm_usage_price,
        twins.recognition_pattern as crm_pattern,
        placed.erp_part_quantity as part_quantity,
        placed.erp_part_minor as part_minor
    from placed
    left join crm_lines as twins
        on placed.twin_record_id = twins.record_id

)

select * from final
