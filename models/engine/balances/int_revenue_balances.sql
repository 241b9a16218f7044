-- Grain: one row per contract x asked day x measure x basis (contract, functional) x asked period
-- (null: the whole balance).
with

positions as (

    select * from {{ ref('int_revenue_positions') }}

),

measured as (

    select
        positions.contract_key,
        positions.as_of,
        measures.measure,
        case measures.measure
            when 'receivable' then positions.receivable_minor
            when 'contract_liability' then positions.contract_liability_minor
            when 'contract_asset' then positions.contract_asset_minor
            when 'refund_liability' then positions.refund_liability_minor
            when 'customer_credit' then positions.customer_credit_minor
            when 'interest_to_date' then positions.interest_minor
            else positions.remaining_minor
        end as amount_minor
    from positions
    cross join (
        values
        ('receivable'),
        ('contract_liability'),
        ('contract_asset'),
        ('refund_liability'),
        ('customer_credit'),
        ('interest_to_date'),
        ('rpo')
    ) as measures (measure)

)

select
    contract_key,
    as_of,
    measure,
    cast(null as varchar) as period_id,
    'contract' as basis,
    amount_minor
from measured

union all

select
    contract_key,
    as_of,
    measure,
    period_id,
    'contract' as basis,
    amount_minor
from {{ ref('int_revenue_balance_bands') }}

union all

select
    contract_key,
    as_of,
    measure,
    null as period_id,
    'contract' as basis,
    amount_minor
from {{ ref('int_revenue_cost_assets') }}

union all

select
    contract_key,
    as_of,
    measure,
    null as period_id,
    'functional' as basis,
    amount_fn_minor as amount_minor
from {{ ref('int_revenue_functional_balances') }}
