-- Grain: one row per contract paid in advance x day (its first delivery, and each day its balances
-- are asked), with the interest its invoices have earned the customer to the end of the day, at
-- most to the delivery (606-10-32-20).
with

growth_factors as (

    select * from {{ ref('int_revenue_growth_factors') }}

),

contracts as (

    select contracts.*
    from {{ ref('int_revenue_contracts') }} as contracts
    inner join {{ ref('int_revenue_policies') }} as policies
        on contracts.policy_id = policies.policy_id
    where policies.financing = 'accrete_advance'

),

timeline as (

    select * from {{ ref('int_revenue_timeline') }}

),

deliveries as (

    select
        contract_key,
        min(occurred_on) as delivered_on
    from timeline
    where event_type = 'delivery'
    group by contract_key

),

days as (

    select
        deliveries.contract_key,
        deliveries.delivered_on as valued_on
    from deliveries
    union
    select
        contract_key,
        as_of as valued_on
    from {{ ref('int_revenue_as_of') }}

),

stopped as (

    select
        days.contract_key,
        days.valued_on,
        least(
            {{ add_days('days.valued_on', '1') }},
            coalesce(deliveries.delivered_on, {{ add_days('days.valued_on', '1') }})
        ) as grows_until
    from days
    inner join contracts
        on days.contract_key = contracts.contract_key
    left join deliveries
        on days.contract_key = deliveries.contract_key

),

final as (

    select
        stopped.contract_key,
        stopped.valued_on,
        deliveries.delivered_on,
        cast({{ rounded_quotient(
            'cast(sum(' ~ wide_integer('timeline.amount_minor')
            ~ ' * (growth_factors.growth_units - 1000000000000000)) as hugeint)',
            '1000000000000000'
        ) }} as bigint) as interest_minor
    from stopped
    inner join timeline
        on
        stopped.contract_key = timeline.contract_key
        and timeline.event_type = 'invoice'
        and stopped.valued_on >= timeline.occurred_on
    inner join growth_factors
        on
        stopped.contract_key = growth_factors.contract_key
        and growth_factors.months = greatest(
            {{ whole_months('timeline.occurred_on', 'stopped.grows_until') }}, 0
        )
    left join deliveries
        on stopped.contract_key = deliveries.contract_key
    group by stopped.contract_key, stopped.valued_on, deliveries.delivered_on

)

select * from final
