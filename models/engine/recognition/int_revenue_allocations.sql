-- Grain: one row per contract line x version of its contract (modification_id null: at
-- inception), with the amount allocated to the line: what it has recognized plus what is open.
-- Over all lines it is the transaction price of the version.
with

states as (

    select * from {{ ref('int_revenue_states') }}
    where is_live

),

versions as (

    select * from {{ ref('int_revenue_versions') }}

),

final as (

    select
        states.contract_key,
        states.line_key,
        versions.modification_id,
        states.frozen_minor + states.open_minor + states.component_minor as amount_minor
    from states
    inner join versions
        on
        states.contract_key = versions.contract_key
        and states.step_no = versions.step_no

)

select * from final
