-- Grain: one row per override x whether it is applied: the money in its neighborhood that no link
-- explains (contract currency, minor units): of a record nothing links its amount, of records
-- linked together the difference of their sums.
with

matches as (

    select * from {{ ref('int_crosswalk_matches') }}

),

grouped as (

    select distinct
        scenario_no,
        'crm' as witness,
        crm_record_id as record_id,
        link_group
    from matches

    union all

    select distinct
        scenario_no,
        'erp' as witness,
        erp_record_id as record_id,
        link_group
    from matches

),

neighbors as (

    select
        scenario_no as override_no,
        'crm' as witness,
        crm_record_id as record_id,
        amount_minor as signed_minor
    from {{ ref('int_crosswalk_crm_records') }}
    where scenario_no != 0

    union all

    select
        scenario_no as override_no,
        'erp' as witness,
        erp_record_id as record_id,
        -amount_minor as signed_minor
    from {{ ref('int_crosswalk_erp_records') }}
    where scenario_no != 0

),

differences as (

    -- Scenario 0 is with all overrides, the neighborhood's own scenario without its own.
    select
        neighbors.override_no,
        grouped.scenario_no = 0 as is_with,
        abs(sum(neighbors.signed_minor)) as open_minor
    from neighbors
    inner join grouped
        on
        neighbors.witness = grouped.witness
        and neighbors.record_id = grouped.record_id
        and grouped.scenario_no in (0, neighbors.override_no)
    group by neighbors.override_no, grouped.scenario_no, grouped.link_group

    union all

    select
        neighbors.override_no,
        sides.is_with,
        abs(neighbors.signed_minor) as open_minor
    from neighbors
    cross join (values (true), (false)) as sides (is_with)
    left join grouped
        on
        neighbors.witness = grouped.witness
        and neighbors.record_id = grouped.record_id
        and grouped.scenario_no = case when sides.is_with then 0 else neighbors.override_no end
    where grouped.record_id is null

),

summed as (

    select
        override_no,
        is_with,
        cast(sum(open_minor) as bigint) as open_minor
    from differences
    group by override_no, is_with

)

select * from summed
