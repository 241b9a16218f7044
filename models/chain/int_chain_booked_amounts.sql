-- Grain: one row per contract line version x span of accounting periods (int_chain_grid).
-- V0 to V5 of the chain, cumulative to the period end, contract currency, minor units: from what
-- the CRM booked to the amount on the ERP's source line.
with

chain_grid as (

    select * from {{ ref('int_chain_grid') }}

),

stepped as (

    select
        *,
        crm_minor is not null as is_in_crm,
        duplicate_of_record_id is not null as is_duplicate,
        is_prorated_by_erp and not is_product_mismatch as is_proration_method,
        case when booked_on <= period_ends_on then ordered_minor else 0 end as booked_minor,
        case when booked_on <= period_ends_on then crm_minor else 0 end as in_scope_minor,
        case when booked_on <= period_ends_on then crm_minor else 0 end as contract_rate_minor,
        case when booked_on <= period_ends_on then crm_minor else 0 end as erp_currency_minor,
        case when crm_minor is not null and is_handed_over then crm_minor else 0 end
            as handed_minor,
        case
            when crm_minor is null and is_erp_known then erp_minor
            -- What repeats another record is no promise of its own, whoever knows it.
            when duplicate_of_record_id is not null then 0
            when is_handed_over and line_known_on <= period_ends_on then crm_minor
            else 0
        end as population_minor,
        case
            when not is_erp_known then 0
            else coalesce(crm_minor, erp_minor)
        end as versions_minor,
        -- What the ERP closed is nobody's difference of quantity or price.
        case
            when not is_erp_known then 0
            else coalesce(crm_minor - closed_minor, erp_minor)
        end as left_open_minor,
        cast(case
            when not is_erp_known then 0
            when coalesce(crm_quantity, 0) = 0
                then coalesce(crm_minor - closed_minor, erp_minor)
            else {{ rounded_quotient(
                wide_integer('crm_minor')
                ~ ' * cast(erp_quantity * 10000 as bigint) * sign(crm_quantity)',
                'cast(abs(crm_quantity) * 10000 as bigint)'
            ) }} - closed_minor
        end as bigint) as quantity_minor,
        case when is_erp_known then erp_minor else 0 end as amount_minor
    from chain_grid

)

select * from stepped
