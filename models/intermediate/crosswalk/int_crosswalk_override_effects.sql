-- Grain: one row per override: what its records would be linked to without it, and the money in its
-- neighborhood that no link explains without it and with it (contract currency, minor units): of a
-- record nothing links its amount, of records linked together the difference of their sums.
with

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

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
        cast(coalesce(sum(open_minor) filter (where is_with), 0) as bigint) as open_with_minor,
        cast(coalesce(sum(open_minor) filter (where not is_with), 0) as bigint)
            as open_without_minor
    from differences
    group by override_no

),

replaced as (

    select
        overrides.override_no,
        {{ sorted_distinct_text('of_crm.erp_record_id') }} as erp_records_without,
        {{ sorted_distinct_text('of_erp.crm_record_id') }} as crm_records_without,
        min(coalesce(of_crm.match_pass, of_erp.match_pass)) as match_pass_without
    from overrides
    left join matches as of_crm
        on
        overrides.override_no = of_crm.scenario_no
        and overrides.crm_record_id = of_crm.crm_record_id
    left join matches as of_erp
        on
        overrides.override_no = of_erp.scenario_no
        and overrides.erp_record_id = of_erp.erp_record_id
    group by overrides.override_no

),

final as (

    select
        overrides.override_no,
        overrides.crm_record_id,
        overrides.erp_record_id,
        overrides.owner,
        overrides.reason,
        overrides.created_on,
        overrides.expires_on,
        crm_lines.currency_code,
        crm_lines.amount_minor as crm_minor,
        erp_lines.amount_minor as erp_minor,
        replaced.erp_records_without,
        replaced.crm_records_without,
        replaced.match_pass_without,
        summed.open_without_minor,
        summed.open_with_minor,
        summed.open_without_minor - summed.open_with_minor as moved_minor,
        erp_lines.rate_numerator,
        erp_lines.rate_denominator
    from overrides
    inner join summed
        on overrides.override_no = summed.override_no
    inner join replaced
        on overrides.override_no = replaced.override_no
    inner join {{ ref('int_crm_contract_lines') }} as crm_lines
        on overrides.crm_record_id = crm_lines.record_id
    inner join {{ ref('int_erp_contract_lines') }} as erp_lines
        on overrides.erp_record_id = erp_lines.record_id

)

select * from final
