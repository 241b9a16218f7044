-- Fails on steps whose amount, shared over the lines of a contract, is not the sum of the shares:
-- units that rounding leaves over go to somebody.
select
    contract_key,
    step_no,
    any_value(moved_minor) as moved_minor,
    sum(share_minor) as shared_minor
from {{ ref('int_revenue_event_splits') }}
group by contract_key, step_no
having any_value(moved_minor) != sum(share_minor)
