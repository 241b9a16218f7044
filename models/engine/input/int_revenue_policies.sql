-- Grain: one row per recognition policy in force, with every choice the engine asks for.
with

policies as (

    select * from {{ ref('revenue_policies') }}

),

final as (

    select
        policy_id,
        proration,
        day_boundary,
        end_date,
        pricing_term,
        anchor_day,
        allocation_residual,
        schedule_residual,
        residual_fallback,
        variable_allocation,
        cast(variable_test_tolerance as decimal(28, 10)) as variable_test_tolerance,
        ramp,
        modification,
        option_exercise,
        credit_note,
        breakage,
        minimum,
        tiered_usage,
        tier_reset,
        receivable_on,
        fx,
        financing
    from policies

)

select * from final
