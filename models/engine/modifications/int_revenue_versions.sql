-- Grain: one row per contract x version of it: at inception (modification_id null) and after
-- each named set of events, with where in the timeline it stands and the last step that has been
-- taken by then.
with

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

timeline as (

    select * from {{ ref('int_revenue_timeline') }}
    where modification_id is not null

),

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

named as (

    select
        contract_key,
        modification_id,
        min(occurred_on) as occurred_on,
        min(timeline_no) as from_timeline_no,
        max(timeline_no) as through_timeline_no
    from timeline
    group by contract_key, modification_id

),

final as (

    select
        contract_key,
        cast(null as varchar) as modification_id,
        signed_on as occurred_on,
        0 as from_timeline_no,
        0 as through_timeline_no,
        0 as step_no
    from contracts

    union all

    select
        named.contract_key,
        named.modification_id,
        named.occurred_on,
        named.from_timeline_no,
        named.through_timeline_no,
        coalesce(max(steps.step_no), 0) as step_no
    from named
    left join steps
        on
        named.contract_key = steps.contract_key
        and named.through_timeline_no >= steps.timeline_no
    group by
        named.contract_key,
        named.modification_id,
        named.occurred_on,
        named.from_timeline_no,
        named.through_timeline_no

)

select * from final
