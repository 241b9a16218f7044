-- Grain: one row per contract paid over time x day (inception, and each day its balances are
-- asked), with the value of its invoices on that day: what is due by then at face, the rest
-- discounted by whole months.
with

growth_factors as (

    select * from {{ ref('int_revenue_growth_factors') }}

),

contracts as (

    select contracts.*
    from {{ ref('int_revenue_contracts') }} as contracts
    inner join {{ ref('int_revenue_policies') }} as policies
        on contracts.policy_id = policies.policy_id
    where policies.financing = 'present_value'

),

invoices as (

    select * from {{ ref('int_revenue_timeline') }}
    where event_type = 'invoice'

),

days as (

    select
        contract_key,
        signed_on as valued_on
    from contracts
    union
    select
        as_of_days.contract_key,
        as_of_days.as_of as valued_on
    from {{ ref('int_revenue_as_of') }} as as_of_days
    inner join contracts
        on as_of_days.contract_key = contracts.contract_key

),

final as (

    select
        days.contract_key,
        days.valued_on,
        cast({{ rounded_quotient(
            'cast(sum(' ~ rounded_quotient(
                wide_integer('invoices.amount_minor') ~ ' * 1000000 * 1000000000000000',
                'growth_factors.growth_units'
            ) ~ ') as hugeint)',
            '1000000'
        ) }} as bigint) as value_minor
    from days
    inner join invoices
        on days.contract_key = invoices.contract_key
    inner join growth_factors
        on
        days.contract_key = growth_factors.contract_key
        and growth_factors.months = greatest(
            {{ whole_months('days.valued_on', 'invoices.occurred_on') }}, 0
        )
    group by days.contract_key, days.valued_on

)

select * from final
