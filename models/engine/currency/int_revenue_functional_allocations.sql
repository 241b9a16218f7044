-- Grain: one row per contract line at the rate of its order x modification (null: at inception),
-- with its allocation in the functional currency.
with

order_rates as (

    select *
    from {{ ref('int_revenue_daily_rates') }}
    where
        fx = 'order_rate'
        and signed_on >= starts_on
        and signed_on < ends_before

),

final as (

    select
        allocations.contract_key,
        allocations.line_key,
        allocations.modification_id,
        cast({{ rounded_quotient(
            wide_integer('allocations.amount_minor') ~ ' * order_rates.rate_units', '10000000000'
        ) }} as bigint) as amount_fn_minor
    from {{ ref('int_revenue_allocations') }} as allocations
    inner join order_rates
        on allocations.contract_key = order_rates.contract_key

)

select * from final
