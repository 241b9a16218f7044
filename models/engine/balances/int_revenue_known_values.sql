-- Grain: one row per contract line earned by events x asked day, with its revenue to date, the
-- part of it that is variable, and the share of it that is satisfied.
with

known_states as (

    select * from {{ ref('int_revenue_known_states') }}

),

event_values as (

    select * from {{ ref('int_revenue_event_values') }}

),

final as (

    select
        known_states.contract_key,
        known_states.line_key,
        known_states.as_of,
        max_by(event_values.revenue_minor, event_values.timeline_no) as revenue_minor,
        max_by(event_values.variable_minor, event_values.timeline_no) as variable_minor,
        max_by(event_values.used_after, event_values.timeline_no) as used_quantity,
        max_by(event_values.satisfied_units, event_values.timeline_no) as satisfied_numerator,
        max_by(event_values.satisfiable_units, event_values.timeline_no) as satisfied_denominator
    from known_states
    inner join event_values
        on
        known_states.line_key = event_values.line_key
        and known_states.as_of >= event_values.occurred_on
    group by known_states.contract_key, known_states.line_key, known_states.as_of

)

select * from final
