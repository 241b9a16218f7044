-- Grain: one row per contract line that joins its contract after inception, with when it does.
with

timeline as (

    select * from {{ ref('int_revenue_timeline') }}

),

joining as (

    select
        contract_key,
        line_key,
        timeline_no,
        step_no
    from timeline
    where event_type = 'amendment_add'

    union all

    select
        contract_key,
        to_line_key as line_key,
        timeline_no,
        step_no
    from timeline
    where event_type = 'option_exercise'

),

final as (

    select
        contract_key,
        line_key,
        min(timeline_no) as joined_timeline_no,
        min(step_no) as joined_step_no
    from joining
    where line_key is not null
    group by contract_key, line_key

)

select * from final
