-- Grain: one row per contract with sales- or usage-based royalties: whether each belongs to its
-- own line (606-10-32-40), so that fixed lines keep their prices, or is spread over all. Under
-- `test` it belongs to its line when price and expected royalties of every line come near its
-- share by SSP.
with

timeline as (

    select *
    from {{ ref('int_revenue_timeline') }}
    where event_type in ('royalty', 'royalty_estimate')

),

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

),

weights as (

    select *
    from {{ ref('int_revenue_allocation_weights') }}
    where run_no = 0

),

latest_estimates as (

    select
        contract_key,
        line_key,
        amount_minor
    from timeline
    where event_type = 'royalty_estimate'
    qualify row_number() over (
            partition by contract_key, line_key, component_id order by timeline_no desc
        ) = 1

),

line_estimates as (

    select
        line_key,
        cast(sum(amount_minor) as bigint) as royalty_minor
    from latest_estimates
    group by line_key

),

compared as (

    select
        weights.contract_key,
        weights.ssp_weight,
        weights.price_minor + coalesce(line_estimates.royalty_minor, 0) as expected_minor,
        cast(
            sum(weights.price_minor + coalesce(line_estimates.royalty_minor, 0)) over (
                partition by weights.contract_key
            ) as hugeint
        ) as total_minor,
        cast(sum(weights.ssp_weight) over (partition by weights.contract_key) as hugeint)
            as total_weight
    from weights
    left join line_estimates
        on weights.line_key = line_estimates.line_key

),

tested as (

    select
        compared.contract_key,
        bool_and(
            abs(
                compared.expected_minor * compared.total_weight
                - compared.total_minor * compared.ssp_weight
            ) * 1000000
            <= {{ scaled_integer('prices.variable_test_tolerance', 6) }}
            * compared.total_minor * compared.ssp_weight
        ) as is_near_ssp
    from compared
    inner join prices
        on compared.contract_key = prices.contract_key
    group by compared.contract_key

),

final as (

    select
        prices.contract_key,
        case prices.variable_allocation
            when 'targeted' then true
            when 'test' then coalesce(tested.is_near_ssp, false)
            else false
        end as is_targeted
    from prices
    left join tested
        on prices.contract_key = tested.contract_key
    where prices.contract_key in (select timeline.contract_key from timeline)

)

select * from final
