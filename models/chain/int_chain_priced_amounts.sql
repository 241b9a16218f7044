-- Grain: one row per contract line version x span of accounting periods (int_chain_grid).
-- V6 and V7 of the chain, cumulative to the period end, contract currency, minor units: from the
-- amount on the ERP's line to its allocated price with what varies.
with

booked_amounts as (

    select * from {{ ref('int_chain_booked_amounts') }}

),

stepped as (

    select
        * exclude (charged_minor, erp_charged_minor, leveled_minor, allocated_minor),
        amount_minor as computable_minor,
        case when is_erp_known then erp_minor + shifted_minor else 0 end as book_minor,
        case when is_erp_known then erp_minor + shifted_minor + leveled_minor else 0 end
            as leveled_minor,
        case when is_erp_known then allocated_minor else 0 end as allocated_minor,
        case
            when not is_erp_known then 0
            when crm_minor is null then erp_charged_minor
            else charged_minor
        end as charged_minor,
        case when is_erp_known then erp_charged_minor else 0 end as erp_charged_minor,
        -- What is added beside use: by the terms of the contract, then all of it by the ERP's.
        case
            when not is_erp_known then 0
            when crm_minor is null then erp_minimum_minor
            else stated_minimum_minor
        end as minimum_minor,
        case
            when not is_erp_known then 0
            when crm_minor is null then erp_estimate_minor
            else stated_estimate_minor
        end as estimated_minor,
        case when is_erp_known then erp_minimum_minor + erp_estimate_minor else 0 end
            as erp_varied_minor,
        case when is_erp_known then erp_credit_minor else 0 end as credited_minor,
        -- Of prepaid rights: what they cost, what was used at face value, whether the rest lapsed.
        allocated_minor + erp_estimate_minor + erp_credit_minor as prepaid_minor,
        case
            when is_erp_known and recognition_pattern = 'drawdown'
                then {{ rounded_quotient(
                    wide_integer('allocated_minor + erp_estimate_minor + erp_credit_minor')
                    ~ ' * cast(least(used_quantity, erp_quantity) * 10000 as bigint)',
                    'cast(erp_quantity * 10000 as bigint)'
                ) }}
        end as face_minor,
        served_until <= period_ends_on as has_lapsed
    from booked_amounts

),

varied as (

    select
        *,
        allocated_minor + charged_minor as used_minor,
        allocated_minor + charged_minor + minimum_minor as topped_up_minor,
        allocated_minor + charged_minor + minimum_minor + estimated_minor as estimated_price_minor,
        allocated_minor + erp_charged_minor + erp_varied_minor as charged_by_erp_minor,
        coalesce(
            case when has_lapsed then cast(prepaid_minor - face_minor as bigint) end, 0
        ) as lapsed_minor,
        -- Earned for rights that were not used: when they lapse, or foreseen with every use.
        coalesce(cast(earned_minor - erp_charged_minor - face_minor as bigint), 0) as breakage_minor
    from stepped

),

final as (

    select
        *,
        charged_by_erp_minor - lapsed_minor as unlapsed_minor,
        charged_by_erp_minor - lapsed_minor + breakage_minor as broken_minor,
        charged_by_erp_minor - lapsed_minor + breakage_minor + credited_minor as variable_minor
    from varied

)

select * from final
