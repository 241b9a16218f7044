-- Grain: one row per modification of a contract (every set of events that shares a name), with its
-- accounting treatment and the revenue it posts on its own day.
with

versions as (

    select * from {{ ref('int_revenue_versions') }}
    where modification_id is not null

),

steps as (

    select * from {{ ref('int_revenue_steps') }}
    where treatment != 'price_change'

),

event_postings as (

    select * from {{ ref('int_revenue_event_postings') }}
    where modification_id is not null

),

treated as (

    select
        contract_key,
        modification_id,
        min_by(treatment, step_no) as treatment
    from steps
    group by contract_key, modification_id

),

caught_up as (

    select
        contract_key,
        modification_id,
        cast(sum(amount_minor) as bigint) as catch_up_minor
    from event_postings
    group by contract_key, modification_id

),

final as (

    select
        versions.contract_key,
        versions.modification_id,
        versions.occurred_on,
        coalesce(treated.treatment, 'price_change') as treatment,
        coalesce(caught_up.catch_up_minor, 0) as catch_up_minor
    from versions
    left join treated
        on
        versions.contract_key = treated.contract_key
        and versions.modification_id = treated.modification_id
    left join caught_up
        on
        versions.contract_key = caught_up.contract_key
        and versions.modification_id = caught_up.modification_id

)

select * from final
