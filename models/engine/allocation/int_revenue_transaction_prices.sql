-- Grain: one row per contract, with its transaction price at inception (606-10-32-2): the fixed
-- consideration, variable amounts pooled over all lines, and those that belong to one line.
-- Royalties are in none of them (55-65): they are allocated when they fall due.
with

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

policies as (

    select * from {{ ref('int_revenue_policies') }}

),

present_values as (

    select * from {{ ref('int_revenue_present_values') }}

),

original_lines as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where modification_id is null

),

priced as (

    select
        contract_key,
        cast(sum(price_minor) as bigint) as lines_minor
    from original_lines
    group by contract_key

),

estimated as (

    select
        contract_key,
        cast(sum(case when line_key is null then moved_minor else 0 end) as bigint) as pooled_minor,
        cast(sum(case when line_key is null then 0 else moved_minor end) as bigint) as own_minor
    from {{ ref('int_revenue_estimates') }}
    where is_inception_estimate
    group by contract_key

),

summed as (

    select
        contracts.contract_key,
        contracts.currency_decimals,
        policies.allocation_residual,
        policies.residual_fallback,
        policies.ramp,
        policies.variable_allocation,
        policies.variable_test_tolerance,
        -- Paid over time, the price is the present value of what is invoiced (606-10-32-15).
        coalesce(
            present_values.value_minor,
            {{ minor_from_decimal('contracts.transaction_price', 'contracts.currency_decimals') }},
            priced.lines_minor,
            0
        ) as fixed_minor,
        coalesce(estimated.pooled_minor, 0) as pooled_minor,
        coalesce(estimated.own_minor, 0) as own_minor
    from contracts
    left join policies
        on contracts.policy_id = policies.policy_id
    left join present_values
        on
        contracts.contract_key = present_values.contract_key
        and contracts.signed_on = present_values.valued_on
    left join priced
        on contracts.contract_key = priced.contract_key
    left join estimated
        on contracts.contract_key = estimated.contract_key

),

final as (

    select
        *,
        fixed_minor + pooled_minor as allocated_minor,
        fixed_minor + pooled_minor + own_minor as transaction_price_minor
    from summed

)

select * from final
