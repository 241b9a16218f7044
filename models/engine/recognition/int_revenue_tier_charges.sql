-- Grain: one row per tiered usage line x quantity at which its charge is asked: what that quantity
-- costs by the rate bands, in minor units. Graduated: each slice at the price of its band; volume:
-- all units at the price of the band reached. A quantity is in a band when from < quantity <= to.
with

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where pattern = 'usage' and tier_mode in ('graduated', 'volume')

),

rate_bands as (

    select * from {{ ref('int_revenue_rate_bands') }}

),

windows as (

    select * from {{ ref('int_revenue_usage_windows') }}

),

measures as (

    select * from {{ ref('int_revenue_measures') }}

),

quantities as (

    select
        line_key,
        window_before as quantity
    from windows
    union
    select
        line_key,
        window_after as quantity
    from windows
    union
    select
        line_key,
        expected_after as quantity
    from measures
    where expected_after is not null

),

sliced as (

    select
        quantities.line_key,
        quantities.quantity,
        line_terms.currency_decimals,
        case
            when line_terms.tier_mode = 'graduated'
                then {{ scaled_integer(
                    'least(quantities.quantity, '
                    ~ 'coalesce(rate_bands.to_quantity, quantities.quantity))'
                    ~ ' - rate_bands.from_quantity',
                    6
                ) }}
            when
                rate_bands.to_quantity is null
                or quantities.quantity <= rate_bands.to_quantity
                then {{ scaled_integer('quantities.quantity', 6) }}
            else 0
        end * {{ scaled_integer('rate_bands.unit_price', 10) }} as charge_units
    from quantities
    inner join line_terms
        on quantities.line_key = line_terms.line_key
    left join rate_bands
        on
        quantities.line_key = rate_bands.line_key
        and quantities.quantity > rate_bands.from_quantity

),

summed as (

    select
        line_key,
        quantity,
        currency_decimals,
        cast(coalesce(sum(charge_units), 0) as hugeint) as charge_units
    from sliced
    group by line_key, quantity, currency_decimals

),

final as (

    select
        line_key,
        quantity,
        -- charge_units: quantity in millionths x price in 10^-10.
        charge_units * {{ power_of_ten('currency_decimals') }} as charge_units,
        cast({{ rounded_quotient(
            'charge_units * ' ~ power_of_ten('currency_decimals'), '10000000000000000'
        ) }} as bigint) as charge_minor
    from summed

)

select * from final
