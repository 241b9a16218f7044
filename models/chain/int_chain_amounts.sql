-- Grain: one row per contract line version x accounting period up to the reporting period.
-- The steps of the chain, cumulative to the period end, contract currency, minor units. Each step
-- is computed on its own; a reason is the difference of two neighbours. Of a held contract nothing
-- after the ERP's amount can be computed: all of that is one step.
with

chain_grid as (

    select * from {{ ref('int_chain_grid') }}

),

stepped as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        rate_numerator,
        rate_denominator,
        crm_rpt_minor,
        crm_minor is not null as is_in_crm,
        is_held,
        case when booked_on <= period_ends_on then crm_minor else 0 end as booked_minor,
        case when crm_minor is not null and is_handed_over then crm_minor else 0 end
            as handed_minor,
        case
            when crm_minor is null and is_erp_known then erp_minor
            when is_handed_over and line_known_on <= period_ends_on then crm_minor
            else 0
        end as population_minor,
        case
            when not is_erp_known then 0
            else coalesce(crm_minor, erp_minor)
        end as versions_minor,
        case
            when not is_erp_known then 0
            when coalesce(crm_quantity, 0) = 0 then coalesce(crm_minor, erp_minor)
            else {{ rounded_quotient(
                wide_integer('crm_minor')
                ~ ' * cast(erp_quantity * 10000 as bigint) * sign(crm_quantity)',
                'cast(abs(crm_quantity) * 10000 as bigint)'
            ) }}
        end as quantity_minor,
        case when is_erp_known then erp_minor else 0 end as amount_minor,
        case when is_erp_known then erp_minor + shifted_minor else 0 end as book_minor,
        case when is_erp_known then allocated_minor else 0 end as allocated_minor,
        case
            when not is_erp_known then 0
            when crm_minor is null then erp_charged_minor
            else charged_minor
        end as charged_minor,
        case when is_erp_known then erp_charged_minor else 0 end as erp_charged_minor,
        -- Of prepaid rights: what was used at face value, and whether the rest has lapsed.
        case
            when is_erp_known and recognition_pattern = 'drawdown'
                then {{ rounded_quotient(
                    wide_integer('allocated_minor')
                    ~ ' * cast(least(used_quantity, erp_quantity) * 10000 as bigint)',
                    'cast(erp_quantity * 10000 as bigint)'
                ) }}
        end as face_minor,
        served_until <= period_ends_on as has_lapsed,
        case when is_erp_known then earned_minor else 0 end as earned_minor,
        case when is_erp_known then erp_earned_minor else 0 end as erp_earned_minor,
        unposted_minor,
        due_rows,
        posted_minor,
        posted_rpt_minor
    from chain_grid

),

valued as (

    select
        *,
        allocated_minor + charged_minor as used_minor,
        allocated_minor + erp_charged_minor as charged_by_erp_minor,
        coalesce(
            case when has_lapsed then cast(allocated_minor - face_minor as bigint) end, 0
        ) as lapsed_minor,
        -- Earned for rights that were not used: when they lapse, or foreseen with every use.
        coalesce(cast(earned_minor - erp_charged_minor - face_minor as bigint), 0) as breakage_minor
    from stepped

),

final as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        rate_numerator,
        rate_denominator,
        crm_rpt_minor,
        is_in_crm,
        booked_minor,
        handed_minor,
        population_minor,
        versions_minor,
        cast(quantity_minor as bigint) as quantity_minor,
        amount_minor,
        case when is_held then posted_minor else amount_minor end as computable_minor,
        case when is_held then posted_minor else book_minor end as book_minor,
        case when is_held then posted_minor else allocated_minor end as allocated_minor,
        case when is_held then posted_minor else used_minor end as used_minor,
        case when is_held then posted_minor else charged_by_erp_minor end as charged_by_erp_minor,
        case when is_held then posted_minor else charged_by_erp_minor - lapsed_minor end
            as unlapsed_minor,
        case
            when is_held then posted_minor
            else charged_by_erp_minor - lapsed_minor + breakage_minor
        end as variable_minor,
        case when is_held then posted_minor else earned_minor end as earned_minor,
        case when is_held then posted_minor else erp_earned_minor end as erp_earned_minor,
        case when is_held then posted_minor else erp_earned_minor - unposted_minor end as due_minor,
        due_rows,
        posted_minor,
        posted_rpt_minor
    from valued

)

select * from final
