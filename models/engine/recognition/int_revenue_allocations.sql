-- Grain: one row per contract line x modification (null: at inception), with the amount allocated to
-- the line: what it has recognized plus what is open, after all rows of the modification.
with

states as (

    select * from {{ ref('int_revenue_states') }}
    where is_live

),

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

last_steps as (

    select
        contract_key,
        modification_id,
        max(step_no) as step_no
    from steps
    where modification_id is not null
    group by contract_key, modification_id

),

final as (

    select
        contract_key,
        line_key,
        cast(null as varchar) as modification_id,
        frozen_minor + open_minor as amount_minor
    from states
    where step_no = 0

    union all

    select
        states.contract_key,
        states.line_key,
        last_steps.modification_id,
        states.frozen_minor + states.open_minor as amount_minor
    from states
    inner join last_steps
        on
        states.contract_key = last_steps.contract_key
        and states.step_no = last_steps.step_no

)

select * from final
