-- Grain: one row per contract the engine accounts for: a view of a contract line with its versions.
with

views as (

    select * from {{ ref('int_revenue_views') }}

),

default_policies as (

    select policy_id
    from {{ ref('dim_revenue_policy') }}
    where is_default

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

minimums as (

    select
        contract_key,
        max(total_minor) as minimum_minor
    from {{ ref('int_revenue_variable_terms') }}
    where term_kind = 'monthly_minimum'
    group by contract_key

),

final as (

    select
        views.contract_key,
        -- A contract of several lines has the policy assigned to it, a line by itself its own.
        coalesce(
            max(case
                when views.is_allocated then views.contract_policy_id else views.assigned_policy_id
            end),
            any_value(default_policies.policy_id)
        ) as policy_id,
        'none' as rate_set,
        {{ currency_decimals('any_value(currencies.minor_units_per_major)') }} as currency_decimals,
        any_value(views.customer_id) as customer_id,
        min(views.known_on) as signed_on,
        any_value(views.currency_code) as currency,
        any_value(views.currency_code) as functional_currency,
        cast(null as decimal(28, 10)) as transaction_price,
        false as cancellable,
        cast(null as date) as cancel_right_from,
        cast(null as boolean) as cancel_penalty_substantive,
        cast(
            max(minimums.minimum_minor) * any_value(currencies.minor_unit_value)
            as decimal(28, 10)
        ) as minimum_amount,
        case when max(minimums.minimum_minor) is not null then 'month' end as minimum_period,
        cast(null as date) as books_closed_through,
        cast(null as decimal(28, 10)) as financing_rate,
        cast(null as varchar) as compounding
    from views
    inner join currencies
        on views.currency_code = currencies.currency_code
    left join minimums
        on views.contract_key = minimums.contract_key
    cross join default_policies
    group by views.contract_key

)

select * from final
