-- Grain: one row per contract line version x span of accounting periods (int_chain_grid) x currency
-- scope (txn, rpt).
-- Both readings of the chain in one shape, so that each reason's rule is written once. In contract
-- currency there is no rate between booked and contract, and no rounding in the ledger.
with

chain_amounts as (

    select * from {{ ref('int_chain_amounts') }}

),

chain_amounts_reporting as (

    select * from {{ ref('int_chain_amounts_reporting') }}

)

select
    'txn' as currency_scope,
    contract_line_version_id,
    contract_line_id,
    change_kind,
    period_no,
    last_period_no,
    {% for fact in chain_facts() -%}
        {{ fact }},
    {% endfor -%}
    {% for step in chain_steps() -%}
        {{ step.step }}_minor,
    {% endfor -%}
    posted_minor,
    due_rows,
    abs(due_minor - posted_minor) <= due_rows as is_posted_as_due,
    posted_minor as ledger_minor,
    manual_minor
from chain_amounts

union all

select
    'rpt' as currency_scope,
    contract_line_version_id,
    contract_line_id,
    change_kind,
    period_no,
    last_period_no,
    {% for fact in chain_facts() -%}
        {{ fact }},
    {% endfor -%}
    {% for step in chain_steps() -%}
        {{ step.step }}_minor,
    {% endfor -%}
    posted_minor,
    due_rows,
    is_posted_as_due,
    ledger_minor,
    manual_minor
from chain_amounts_reporting
