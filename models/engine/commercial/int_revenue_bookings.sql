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

stated_windows as (

    select * from {{ ref('int_revenue_stated_windows') }}

),

bands as (

    select * from {{ ref('int_revenue_bands') }}

),

banded as (

    select
        contract_values.contract_key,
        contract_values.modification_id,
        contract_values.through_timeline_no,
        bands.period_id,
        cast(coalesce(sum(stated_windows.day_value), 0) as hugeint) as period_value
    from contract_values
    inner join bands
        on contract_values.contract_key = bands.contract_key
    left join stated_windows
        on
        bands.contract_key = stated_windows.contract_key
        and contract_values.modification_id is not distinct from stated_windows.modification_id
        and stated_windows.calendar_day between bands.starts_on and bands.ends_on
    group by
        contract_values.contract_key,
        contract_values.modification_id,
        contract_values.through_timeline_no,
        bands.period_id

),

banded_moves as (

    select
        *,
        period_value - lag(period_value) over (
            partition by contract_key, period_id order by through_timeline_no
        ) as moved_value
    from banded

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
    cast({{ rounded_quotient('period_value', '1000000000') }} as bigint) as amount_minor
from banded

union all

select
    contract_key,
    modification_id,
    null as line_key,
    period_id,
    'tcv_delta' as measure,
    cast({{ rounded_quotient('moved_value', '1000000000') }} as bigint) as amount_minor
from banded_moves
where modification_id is not null

union all

select
    contract_key,
    modification_id,
    null as line_key,
    null as period_id,
    'arr' as measure,
    cast({{ rounded_quotient('annual_value', '1000000') }} as bigint) as amount_minor
from annualized

union all

select
    contract_key,
    modification_id,
    null as line_key,
    null as period_id,
    'mrr' as measure,
    cast({{ rounded_quotient('annual_value', '12000000') }} as bigint) as amount_minor
from annualized
