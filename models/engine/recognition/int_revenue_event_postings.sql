-- Grain: one row per contract line x position at which its revenue to date moves, plus one per
-- period in which a contract's usage stays under its minimum (posted to the contract, not to a
-- line).
with

event_values as (

    select * from {{ ref('int_revenue_event_values') }}

),

moved as (

    select
        contract_key,
        line_key,
        occurred_on,
        modification_id,
        revenue_minor - coalesce(
            lag(revenue_minor) over (partition by line_key order by timeline_no), 0
        ) as amount_minor
    from event_values

)

select
    contract_key,
    line_key,
    occurred_on as service_on,
    modification_id,
    'event' as posting_kind,
    amount_minor
from moved
where amount_minor != 0

union all

select
    contract_key,
    null as line_key,
    due_on as service_on,
    null as modification_id,
    'minimum' as posting_kind,
    true_up_minor as amount_minor
from {{ ref('int_revenue_minimum_true_ups') }}
where true_up_minor != 0

union all

select
    contract_key,
    line_key,
    occurred_on as service_on,
    modification_id,
    'adjustment' as posting_kind,
    amount_minor
from {{ ref('int_revenue_adjustments') }}
