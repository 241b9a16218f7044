-- Grain: one row per recognition policy that may be assigned.
with

final as (

    select
        policy_id,
        is_default,
        effective_from,
        owner,
        rationale
    from {{ ref('revenue_policies') }}

)

select * from final
