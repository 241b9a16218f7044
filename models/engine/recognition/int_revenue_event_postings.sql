-- Grain: one row per contract line x position at which its revenue to date moves, plus one per
-- period in which a contract's usage stays under its minimum (posted to the contract, not to a
-- line).
with

event_values as (

    select * from {{ ref('int_revenue_event_values') }}

),

deliveries as (

    -- The line whose delivery ends the advance.
    select
        contract_key,
        occurred_on,
        min_by(line_key, timeline_no) as line_key
    from {{ ref('int_revenue_timeline') }}
    where event_type = 'delivery'
    group by contract_key, occurred_on

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

union all

select
    contract_key,
    line_key,
    posted_on as service_on,
    null as modification_id,
    'annuity' as posting_kind,
    revenue_minor as amount_minor
from {{ ref('int_revenue_annuities') }}

union all

select
    advances.contract_key,
    deliveries.line_key,
    advances.delivered_on as service_on,
    null as modification_id,
    'interest' as posting_kind,
    advances.interest_minor as amount_minor
from {{ ref('int_revenue_advances') }} as advances
inner join deliveries
    on
    advances.contract_key = deliveries.contract_key
    and advances.delivered_on = deliveries.occurred_on
where
    advances.valued_on = advances.delivered_on
    and advances.interest_minor != 0
