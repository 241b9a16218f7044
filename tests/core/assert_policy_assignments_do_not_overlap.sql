-- Fails where one product, contract or contract line has two policies for the same signing dates,
-- whatever names it was given by: end the first in seeds/policy_assignments.csv.
with

followed as (

    select
        scope,
        record_id,
        policy_id,
        effective_from,
        effective_to,
        lead(record_id) over later as other_record_id,
        lead(policy_id) over later as other_policy_id,
        lead(effective_from) over later as other_effective_from
    from {{ ref('dim_policy_assignment') }}
    where records_found = 1
    window later as (partition by scope, record_key order by effective_from, assignment_no)

)

select *
from followed
where other_effective_from <= coalesce(effective_to, other_effective_from)
