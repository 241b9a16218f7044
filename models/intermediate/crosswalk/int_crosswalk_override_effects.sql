-- Grain: one row per override: what its records would be linked to without it, and the money it
-- moves from unexplained to linked (contract currency, minor units).
with

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

matches as (

    select * from {{ ref('int_crosswalk_matches') }}

),

differences as (

    select
        override_no,
        coalesce(sum(open_minor) filter (where is_with), 0) as open_with_minor,
        coalesce(sum(open_minor) filter (where not is_with), 0) as open_without_minor
    from {{ ref('int_crosswalk_override_differences') }}
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
        cast(differences.open_without_minor as bigint) as open_without_minor,
        cast(differences.open_with_minor as bigint) as open_with_minor,
        cast(differences.open_without_minor - differences.open_with_minor as bigint)
            as moved_minor,
        erp_lines.rate_numerator,
        erp_lines.rate_denominator
    from overrides
    inner join differences
        on overrides.override_no = differences.override_no
    inner join replaced
        on overrides.override_no = replaced.override_no
    inner join {{ ref('int_crm_contract_lines') }} as crm_lines
        on overrides.crm_record_id = crm_lines.record_id
    inner join {{ ref('int_erp_contract_lines') }} as erp_lines
        on overrides.erp_record_id = erp_lines.record_id

)

select * from final
