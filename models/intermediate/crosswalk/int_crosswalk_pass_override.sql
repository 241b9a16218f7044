-- Grain: one row per scenario x pair of records that people linked (pass 5). Records linked by
-- several overrides are one group: everything the group has in the CRM belongs to everything it has
-- in the ERP.
with recursive

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

paired as (

    select
        crm_records.scenario_no,
        overrides.override_no,
        overrides.crm_record_id,
        overrides.erp_record_id
    from overrides
    inner join {{ ref('int_crosswalk_crm_records') }} as crm_records
        on overrides.crm_record_id = crm_records.crm_record_id
    where overrides.override_no != crm_records.scenario_no

),

reached as (

    -- From each CRM record over shared ERP records to all others of its group.
    select
        scenario_no,
        crm_record_id,
        crm_record_id as reached_record_id
    from paired

    union

    select
        reached.scenario_no,
        reached.crm_record_id,
        there.crm_record_id as reached_record_id
    from reached
    inner join paired as here
        on
        reached.scenario_no = here.scenario_no
        and reached.reached_record_id = here.crm_record_id
    inner join paired as there
        on
        here.scenario_no = there.scenario_no
        and here.erp_record_id = there.erp_record_id

),

grouped as (

    select
        scenario_no,
        crm_record_id,
        min(reached_record_id) as link_group
    from reached
    group by scenario_no, crm_record_id

),

members as (

    select
        paired.*,
        grouped.link_group
    from paired
    inner join grouped
        on
        paired.scenario_no = grouped.scenario_no
        and paired.crm_record_id = grouped.crm_record_id

),

linked as (

    select
        crm_side.scenario_no,
        crm_side.link_group,
        crm_side.crm_record_id,
        erp_side.erp_record_id,
        coalesce(
            max(crm_side.override_no)
            filter (where crm_side.erp_record_id = erp_side.erp_record_id),
            min(crm_side.override_no)
        ) as override_no
    from members as crm_side
    inner join members as erp_side
        on
        crm_side.scenario_no = erp_side.scenario_no
        and crm_side.link_group = erp_side.link_group
    group by
        crm_side.scenario_no, crm_side.link_group, crm_side.crm_record_id, erp_side.erp_record_id

)

select * from linked
