-- Fails on a policy assignment that ends before it starts, or that starts before its policy takes
-- effect: correct the dates in seeds/policy_assignments.csv.
select
    assignments.scope,
    assignments.record_id,
    assignments.policy_id,
    assignments.effective_from,
    assignments.effective_to,
    policies.effective_from as policy_effective_from
from {{ ref('policy_assignments') }} as assignments
inner join {{ ref('revenue_policies') }} as policies
    on assignments.policy_id = policies.policy_id
where
    assignments.effective_to < assignments.effective_from
    or assignments.effective_from < policies.effective_from
