-- Grain: one row per contract line x asked day, with the state of the line by what is known on that
-- day: everything dated on or before it, nothing later.
with

as_of_days as (

    select distinct
        contract_key,
        as_of
    from {{ ref('int_revenue_as_of') }}

),

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

states as (

    select * from {{ ref('int_revenue_states') }}

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

known_steps as (

    select
        as_of_days.contract_key,
        as_of_days.as_of,
        coalesce(max(steps.step_no), 0) as step_no
    from as_of_days
    inner join contracts
        on
        as_of_days.contract_key = contracts.contract_key
        and as_of_days.as_of >= contracts.signed_on
    left join steps
        on
        as_of_days.contract_key = steps.contract_key
        and as_of_days.as_of >= steps.occurred_on
    group by as_of_days.contract_key, as_of_days.as_of

),

final as (

    select
        known_steps.as_of,
        states.*
    from known_steps
    inner join states
        on
        known_steps.contract_key = states.contract_key
        and known_steps.step_no = states.step_no
    where states.is_live

)

select * from final
