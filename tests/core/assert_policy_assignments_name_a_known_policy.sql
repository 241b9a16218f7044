-- Fails on an assignment of a policy that does not exist: correct policy_id in
-- seeds/policy_assignments.csv or add the policy to seeds/revenue_policies.csv.
select
    assignments.scope,
    assignments.record_id,
    assignments.policy_id,
    assignments.owner
from {{ ref('policy_assignments') }} as assignments
left join {{ ref('revenue_policies') }} as policies
    on assignments.policy_id = policies.policy_id
where policies.policy_id is null
