-- Grain: one row per record that nothing links and that is like one of the other system (pass 4 of
-- the crosswalk), seen from its own side.
with

suggested as (

    select * from {{ ref('fct_crosswalk_links') }}
    where link_status = 'suggested'

),

both_sides as (

    select
        crm_record_id as record_id,
        'erp' as suggested_witness,
        erp_record_id as suggested_record_id,
        erp_url as suggested_url,
        match_evidence as suggestion_evidence
    from suggested

    union all

    select
        erp_record_id as record_id,
        'crm' as suggested_witness,
        crm_record_id as suggested_record_id,
        crm_url as suggested_url,
        match_evidence as suggestion_evidence
    from suggested

)

select * from both_sides
