-- Grain: one row per scenario x pair of records that an override, the line key or an exact match
-- links by itself. is_anchor: a line key links two records of different amounts, which opens both
-- for their neighbors.
with

linked as (

    select
        scenario_no,
        link_group,
        crm_record_id,
        erp_record_id,
        5 as match_pass,
        override_no,
        false as is_anchor
    from {{ ref('int_crosswalk_pass_override') }}

    union all

    select
        scenario_no,
        crm_record_id as link_group,
        crm_record_id,
        erp_record_id,
        1 as match_pass,
        null as override_no,
        not is_split and crm_minor != erp_minor as is_anchor
    from {{ ref('int_crosswalk_pass_line_key') }}

    union all

    select
        scenario_no,
        crm_record_id as link_group,
        crm_record_id,
        erp_record_id,
        2 as match_pass,
        null as override_no,
        false as is_anchor
    from {{ ref('int_crosswalk_pass_exact') }}

)

select * from linked
