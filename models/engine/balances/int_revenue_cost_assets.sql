-- Grain: one row per contract x asked day x measure, with the asset from costs to obtain and to
-- fulfil the contract (340-40-25), amortized evenly by whole months (340-40-35-1).
with

costs as (

    select *
    from {{ ref('int_revenue_costs') }}
    where cost_type in ('obtain', 'fulfil')

),

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

as_of_days as (

    select distinct
        contract_key,
        as_of
    from {{ ref('int_revenue_as_of') }}

),

elapsed as (

    select
        as_of_days.contract_key,
        as_of_days.as_of,
        costs.cost_type,
        {{ minor_from_decimal('costs.amount', 'contracts.currency_decimals') }} as cost_minor,
        cast({{ whole_months(
            'costs.amortize_from', add_days('costs.amortize_to', '1')
        ) }} as bigint) as months,
        cast(greatest({{ whole_months(
            'costs.amortize_from', add_days('as_of_days.as_of', '1')
        ) }}, 0) as bigint) as months_elapsed
    from as_of_days
    inner join contracts
        on as_of_days.contract_key = contracts.contract_key
    inner join costs
        on
        as_of_days.contract_key = costs.contract_key
        and as_of_days.as_of >= costs.incurred_on

),

final as (

    select
        contract_key,
        as_of,
        case cost_type
            when 'obtain' then 'cost_to_obtain_asset' else 'cost_to_fulfil_asset'
        end as measure,
        cast(
            sum({{ rounded_quotient(
                wide_integer('cost_minor') ~ ' * greatest(months - months_elapsed, 0)',
                'greatest(months, 1)'
            ) }}) as bigint
        ) as amount_minor
    from elapsed
    group by contract_key, as_of, cost_type

)

select * from final
