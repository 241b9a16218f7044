-- Grain: one row per contract whose currency is not its functional currency x rate, with the days
-- the rate is in force: the latest one on or before a day. Unit: 10^-10 functional per contract
-- currency.
with

contracts as (

    select
        contracts.contract_key,
        contracts.rate_set,
        contracts.currency,
        contracts.functional_currency,
        contracts.signed_on,
        policies.fx
    from {{ ref('int_revenue_contracts') }} as contracts
    inner join {{ ref('int_revenue_policies') }} as policies
        on contracts.policy_id = policies.policy_id
    where
        policies.fx in ('order_rate', 'historical')
        and contracts.currency != contracts.functional_currency

),

exchange_rates as (

    select * from {{ ref('int_revenue_exchange_rates') }}

),

final as (

    select
        contracts.contract_key,
        contracts.fx,
        contracts.signed_on,
        exchange_rates.rated_on as starts_on,
        coalesce(
            lead(exchange_rates.rated_on) over (
                partition by contracts.contract_key order by exchange_rates.rated_on
            ),
            date '9999-12-31'
        ) as ends_before,
        {{ scaled_integer('exchange_rates.rate', 10) }} as rate_units
    from contracts
    inner join exchange_rates
        on
        contracts.rate_set = exchange_rates.rate_set
        and contracts.currency = exchange_rates.from_currency
        and contracts.functional_currency = exchange_rates.to_currency

)

select * from final
