-- Fails unless exactly one policy is the default: set is_default in seeds/revenue_policies.csv.
select
    count(*) as default_policies,
    min(policy_id) as one_policy_id,
    max(policy_id) as another_policy_id
from {{ ref('revenue_policies') }}
where is_default
having count(*) != 1
