-- Warns of decisions about an exception that no run has seen, or that name the reason code of
-- another one: correct seeds/exception_explanations.csv. A new warehouse remembers none that
-- cleared before it was made.
{{ config(severity='warn') }}
select
    decisions.decision_no,
    decisions.exception_id,
    decisions.reason_code,
    exceptions.reason_code as reason_code_of_exception
from {{ ref('exception_explanations') }} as decisions
left join {{ ref('fct_exceptions') }} as exceptions
    on decisions.exception_id = exceptions.exception_id
where
    exceptions.exception_id is null
    or decisions.reason_code != exceptions.reason_code
