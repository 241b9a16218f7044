-- Fails on a policy assignment that names no product, contract or order product of the CRM, or a
-- product code that several have: correct record_id in seeds/policy_assignments.csv.
select
    scope,
    record_id,
    policy_id,
    records_found,
    owner
from {{ ref('dim_policy_assignment') }}
where records_found != 1
