-- Fails on a proration of seeds/recognition_policies.csv that no policy is named after, or whose
-- policy spreads in another way: a line without an assigned policy is spread by that name.
select
    recognition.witness,
    recognition.source_value,
    recognition.proration,
    policies.proration as policy_proration
from {{ ref('recognition_policies') }} as recognition
left join {{ ref('revenue_policies') }} as policies
    on recognition.proration = policies.policy_id
where
    recognition.proration != 'none'
    and (policies.proration = recognition.proration) is not true
