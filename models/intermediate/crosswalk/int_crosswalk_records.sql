-- Grain: one row per witness x record in scope, with what the crosswalk makes of it: linked,
-- duplicate, suggested or unlinked, and the best pass that says so.
with

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

suggestions as (

    select * from {{ ref('int_crosswalk_suggestions') }}

),

crm_passes as (

    select
        crm_record_id as record_id,
        min(case match_pass when 5 then 0 else match_pass end) as best_pass
    from links
    group by crm_record_id

),

erp_passes as (

    select
        erp_record_id as record_id,
        min(case match_pass when 5 then 0 else match_pass end) as best_pass
    from links
    group by erp_record_id

),

crm_side as (

    select
        'crm' as witness,
        crm_lines.record_id,
        crm_lines.amount_rpt_minor,
        crm_passes.best_pass,
        duplicates.duplicate_of_record_id,
        duplicates.duplicate_evidence,
        suggestions.erp_record_id as suggested_record_id
    from {{ ref('int_crm_contract_lines') }} as crm_lines
    left join crm_passes
        on crm_lines.record_id = crm_passes.record_id
    left join {{ ref('int_crosswalk_crm_duplicates') }} as duplicates
        on crm_lines.record_id = duplicates.record_id
    left join suggestions
        on crm_lines.record_id = suggestions.crm_record_id

),

erp_side as (

    select
        'erp' as witness,
        erp_lines.record_id,
        erp_lines.amount_rpt_minor,
        erp_passes.best_pass,
        duplicates.duplicate_of_record_id,
        duplicates.duplicate_evidence,
        suggestions.crm_record_id as suggested_record_id
    from {{ ref('int_erp_contract_lines') }} as erp_lines
    left join erp_passes
        on erp_lines.record_id = erp_passes.record_id
    left join {{ ref('int_crosswalk_erp_duplicates') }} as duplicates
        on erp_lines.record_id = duplicates.record_id
    left join suggestions
        on erp_lines.record_id = suggestions.erp_record_id

),

both_sides as (

    select * from crm_side

    union all

    select * from erp_side

),

final as (

    select
        witness,
        record_id,
        amount_rpt_minor,
        duplicate_of_record_id,
        duplicate_evidence,
        suggested_record_id,
        case
            when best_pass is not null then 'linked'
            when duplicate_of_record_id is not null then 'duplicate'
            when suggested_record_id is not null then 'suggested'
            else 'unlinked'
        end as match_status,
        case
            when best_pass = 0 then 5
            when best_pass is not null then best_pass
            when duplicate_of_record_id is not null then null
            when suggested_record_id is not null then 4
        end as match_pass
    from both_sides

)

select * from final
