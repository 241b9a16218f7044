-- Grain: one row per contract x modification (null: at inception) x measure x line or asked period,
-- with what was sold: price, transaction_price, tcv, tcv_delta, arr, mrr.
with

contract_values as (

    select * from {{ ref('int_revenue_contract_values') }}

),

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

),

line_prices as (

    select * from {{ ref('int_revenue_line_prices') }}

),

annualized as (

    select * from {{ ref('int_revenue_annualized_values') }}

),

stated_periods as (

    select * from {{ ref('int_revenue_stated_periods') }}

)

select
    contract_key,
    modification_id,
    line_key,
    cast(null as varchar) as period_id,
    'price' as measure,
    price_minor as amount_minor
from line_prices

union all

select
    contract_key,
    null as modification_id,
    line_key,
    null as period_id,
    'price' as measure,
    price_minor as amount_minor
from line_prices
where modification_id is not null

union all

select
    contract_key,
    null as modification_id,
    null as line_key,
    null as period_id,
    'transaction_price' as measure,
    transaction_price_minor as amount_minor
from prices

union all

select
    contract_key,
    modification_id,
    null as line_key,
    null as period_id,
    'tcv' as measure,
    value_minor as amount_minor
from contract_values

union all

select
    contract_key,
    modification_id,
    null as line_key,
    null as period_id,
    'tcv_delta' as measure,
    moved_minor as amount_minor
from contract_values
where modification_id is not null

union all

select
    contract_key,
    modification_id,
    null as line_key,
    period_id,
    'tcv' as measure,
    {{ stated_minor('period_value') }} as amount_minor
from stated_periods

union all

select
    contract_key,
    modification_id,
    null as line_key,
    period_id,
    'tcv_delta' as measure,
    {{ stated_minor('moved_value') }} as amount_minor
from stated_periods
where modification_id is not null

union all

select
    contract_key,
    modification_id,
    null as line_key,
    null as period_id,
    'arr' as measure,
    {{ stated_minor('annual_value') }} as amount_minor
from annualized

union all

select
    contract_key,
    modification_id,
    null as line_key,
    null as period_id,
    'mrr' as measure,
    {{ stated_minor(rounded_quotient('annual_value', '12')) }} as amount_minor
from annualized
