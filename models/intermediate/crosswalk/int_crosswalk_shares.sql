-- Grain: one row per link of the crosswalk as it is, with the part of each record that the link
-- stands for. A record shared by several is split by the amounts (quantities by the quantities) of
-- what shares it, by cumulative rounding: the parts sum to the record. Where the group adds up,
-- each part is the amount the other side states.
with

matches as (

    select * from {{ ref('int_crosswalk_matches') }}
    where scenario_no = 0

),

members as (

    select
        matches.*,
        crm_records.amount_minor as crm_minor,
        erp_records.amount_minor as erp_minor,
        cast(crm_records.quantity * 10000 as bigint) as crm_units,
        cast(erp_records.quantity * 10000 as bigint) as erp_units,
        -- Each record counts once in the totals of its group.
        row_number() over (
            partition by matches.link_group, matches.crm_record_id order by matches.erp_record_id
        ) as erp_no,
        row_number() over (
            partition by matches.link_group, matches.erp_record_id order by matches.crm_record_id
        ) as crm_no
    from matches
    inner join {{ ref('int_crosswalk_crm_records') }} as crm_records
        on
        matches.scenario_no = crm_records.scenario_no
        and matches.crm_record_id = crm_records.crm_record_id
    inner join {{ ref('int_crosswalk_erp_records') }} as erp_records
        on
        matches.scenario_no = erp_records.scenario_no
        and matches.erp_record_id = erp_records.erp_record_id

),

totaled as (

    select
        *,
        max(crm_no) over in_group as crm_count,
        max(erp_no) over in_group as erp_count,
        sum(case when erp_no = 1 then crm_minor else 0 end) over in_group as crm_total,
        sum(case when crm_no = 1 then erp_minor else 0 end) over in_group as erp_total,
        sum(case when erp_no = 1 then crm_units else 0 end) over in_group as crm_units_total,
        sum(case when crm_no = 1 then erp_units else 0 end) over in_group as erp_units_total
    from members
    window in_group as (partition by link_group)

),

weighed as (

    -- Weights that sum to zero count as equal; a negative sum is turned around.
    select
        *,
        case when crm_total = 0 then 1 else crm_minor * sign(crm_total) end as crm_weight,
        case when erp_total = 0 then 1 else erp_minor * sign(erp_total) end as erp_weight,
        case when crm_units_total = 0 then 1 else crm_units * sign(crm_units_total) end
            as crm_units_weight,
        case when erp_units_total = 0 then 1 else erp_units * sign(erp_units_total) end
            as erp_units_weight,
        case when crm_total = 0 then crm_count else abs(crm_total) end as crm_weight_total,
        case when erp_total = 0 then erp_count else abs(erp_total) end as erp_weight_total,
        case when crm_units_total = 0 then crm_count else abs(crm_units_total) end
            as crm_units_weight_total,
        case when erp_units_total = 0 then erp_count else abs(erp_units_total) end
            as erp_units_weight_total
    from totaled

),

accumulated as (

    select
        *,
        sum(crm_minor) over by_crm as crm_through,
        sum(erp_minor) over by_erp as erp_through,
        sum(crm_units) over by_crm as crm_units_through,
        sum(erp_units) over by_erp as erp_units_through,
        sum(crm_weight) over by_crm as crm_weight_through,
        sum(erp_weight) over by_erp as erp_weight_through,
        sum(crm_units_weight) over by_crm as crm_units_weight_through,
        sum(erp_units_weight) over by_erp as erp_units_weight_through
    from weighed
    window
        by_crm as (
            partition by link_group, erp_record_id
            order by crm_record_id
            rows between unbounded preceding and current row
        ),
        by_erp as (
            partition by link_group, crm_record_id
            order by erp_record_id
            rows between unbounded preceding and current row
        )

)

select * from accumulated
