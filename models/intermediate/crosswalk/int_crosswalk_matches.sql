-- Grain: one row per scenario x pair of records that passes 1, 2, 3 or 5 link, with the group of
-- records that are linked together.
with

direct_links as (

    select * from {{ ref('int_crosswalk_direct_links') }}

),

sums as (

    select * from {{ ref('int_crosswalk_pass_sums') }}

),

linked as (

    select
        direct_links.scenario_no,
        coalesce(sums.link_group, direct_links.link_group) as link_group,
        direct_links.crm_record_id,
        direct_links.erp_record_id,
        direct_links.match_pass,
        direct_links.override_no
    from direct_links
    left join sums
        on
        direct_links.scenario_no = sums.scenario_no
        and direct_links.crm_record_id = sums.crm_record_id
        and direct_links.erp_record_id = sums.erp_record_id

    union all

    select
        sums.scenario_no,
        sums.link_group,
        sums.crm_record_id,
        sums.erp_record_id,
        2 as match_pass,
        null as override_no
    from sums
    left join direct_links
        on
        sums.scenario_no = direct_links.scenario_no
        and sums.crm_record_id = direct_links.crm_record_id
        and sums.erp_record_id = direct_links.erp_record_id
    where direct_links.crm_record_id is null

    union all

    select
        scenario_no,
        crm_record_id as link_group,
        crm_record_id,
        erp_record_id,
        3 as match_pass,
        null as override_no
    from {{ ref('int_crosswalk_pass_near') }}

)

select * from linked
