-- Grain: one row per contract in another than its functional currency x asked day x measure. The
-- receivable is monetary, at the rate of the day; what that moves is a gain or loss to date. The
-- contract liability keeps the rates of its layers.
with

as_of_days as (

    select distinct
        contract_key,
        as_of
    from {{ ref('int_revenue_as_of') }}

),

daily_rates as (

    select * from {{ ref('int_revenue_daily_rates') }}

),

rated_rights as (

    select
        rights.contract_key,
        rights.balance_on,
        rights.unconditional_minor,
        rights.revenue_minor,
        rights.unconditional_minor - rights.settled_minor as receivable_minor,
        daily_rates.rate_units,
        daily_rates.fx
    from {{ ref('int_revenue_rights') }} as rights
    inner join daily_rates
        on
        rights.contract_key = daily_rates.contract_key
        and rights.balance_on >= daily_rates.starts_on
        and rights.balance_on < daily_rates.ends_before

),

moves as (

    select
        *,
        receivable_minor - coalesce(
            lag(receivable_minor) over (partition by contract_key order by balance_on), 0
        ) as moved_minor
    from rated_rights

),

booked as (

    select
        *,
        sum(moved_minor * rate_units) over (
            partition by contract_key
            order by balance_on
            rows between unbounded preceding and current row
        ) as booked_units
    from moves

),

layers as (

    select
        booked.contract_key,
        booked.balance_on,
        cast(sum(
            (
                least(unit_rates.to_unit, booked.unconditional_minor)
                - greatest(unit_rates.from_unit, booked.revenue_minor)
            ) * unit_rates.rate_units
        ) as hugeint) as layer_units
    from booked
    inner join {{ ref('int_revenue_unit_rates') }} as unit_rates
        on
        booked.contract_key = unit_rates.contract_key
        and booked.unconditional_minor > unit_rates.from_unit
        and booked.revenue_minor < unit_rates.to_unit
    where booked.unconditional_minor > booked.revenue_minor
    group by booked.contract_key, booked.balance_on

),

final as (

    select
        as_of_days.contract_key,
        as_of_days.as_of,
        measures.measure,
        cast({{ rounded_quotient(
            "case measures.measure
                when 'receivable' then booked.receivable_minor * booked.rate_units
                when 'contract_liability' then coalesce(layers.layer_units, 0)
                else booked.receivable_minor * booked.rate_units - booked.booked_units
            end",
            '10000000000'
        ) }} as bigint) as amount_fn_minor
    from as_of_days
    inner join booked
        on
        as_of_days.contract_key = booked.contract_key
        and as_of_days.as_of = booked.balance_on
    left join layers
        on
        booked.contract_key = layers.contract_key
        and booked.balance_on = layers.balance_on
    cross join (
        values ('receivable'), ('contract_liability'), ('fx_gain_loss')
    ) as measures (measure)
    where measures.measure != 'contract_liability' or booked.fx = 'historical'

)

select * from final
