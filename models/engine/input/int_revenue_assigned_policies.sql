-- Grain: one row per contract line version that has a recognition policy assigned: that of the line
-- goes before that of its contract, that of the contract before that of its product. An assignment
-- is for contracts signed while it is effective: a later one restates nothing.
with

contract_lines as (

    select
        contract_line_version_id,
        contract_line_id,
        contract_id,
        product_id,
        min(coalesce(booked_on, erp_known_on)) over (partition by contract_id) as signed_on
    from {{ ref('dim_contract_line') }}

),

assignments as (

    select
        *,
        case scope when 'line' then 1 when 'contract' then 2 else 3 end as precedence
    from {{ ref('dim_policy_assignment') }}

),

named as (

    select
        contract_line_version_id,
        signed_on,
        'line' as scope,
        contract_line_id as record_key
    from contract_lines

    union all

    select
        contract_line_version_id,
        signed_on,
        'contract' as scope,
        contract_id as record_key
    from contract_lines

    union all

    select
        contract_line_version_id,
        signed_on,
        'product' as scope,
        product_id as record_key
    from contract_lines

),

effective as (

    select
        named.contract_line_version_id,
        assignments.assignment_no,
        assignments.scope,
        assignments.policy_id,
        assignments.precedence
    from named
    inner join assignments
        on
        named.scope = assignments.scope
        and named.record_key = assignments.record_key
    where
        named.signed_on >= assignments.effective_from
        and named.signed_on <= coalesce(assignments.effective_to, named.signed_on)

),

nearest as (

    select
        contract_line_version_id,
        arg_min(policy_id, precedence) as policy_id,
        arg_min(scope, precedence) as policy_scope,
        arg_min(assignment_no, precedence) as assignment_no,
        max(policy_id) filter (where scope = 'contract') as contract_policy_id
    from effective
    group by contract_line_version_id

),

final as (

    select
        nearest.*,
        policies.ramp
    from nearest
    left join {{ ref('int_revenue_policies') }} as policies
        on nearest.policy_id = policies.policy_id

)

select * from final
