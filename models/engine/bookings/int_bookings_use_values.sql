-- Grain: one row per line sold by use x accounting period, with the value of its use in the period.
-- What was bought is worth its price per unit until it is used up; what goes beyond, the price of
-- use. Value and overage are differences of cumulative amounts: each is rounded once.
with

arr_periods as (

    select * from {{ ref('int_bookings_arr_periods') }}
    where not is_recurring

),

versions as (

    select * from {{ ref('int_bookings_arr_versions') }}
    where not is_recurring

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

usage as (

    select * from {{ ref('fct_usage') }}

),

terms as (

    -- A line that books nothing has no units of its own, whatever quantity it names.
    select
        versions.arr_line_id,
        sum(versions.amount_minor) as bought_minor,
        sum(case when versions.amount_minor = 0 then 0 else versions.quantity_units end)
        * 1000000 as bought_units,
        {{ scaled_integer('coalesce(max(versions.usage_price), 0)', 10) }}
        * max(currencies.minor_units_per_major) as price
    from versions
    inner join currencies
        on versions.currency_code = currencies.currency_code
    group by versions.arr_line_id

),

used as (

    select
        arr_periods.arr_line_id,
        arr_periods.period_no,
        coalesce(sum({{ scaled_integer('usage.quantity', 10) }}), 0) as used_units
    from arr_periods
    inner join versions
        on arr_periods.arr_line_id = versions.arr_line_id
    left join usage
        on
        versions.contract_line_version_id = usage.contract_line_version_id
        and arr_periods.period_ends_on >= usage.used_on
    group by arr_periods.arr_line_id, arr_periods.period_no

),

valued as (

    select
        used.arr_line_id,
        used.period_no,
        {{ rounded_quotient(
            'terms.bought_minor * least(used.used_units, terms.bought_units)',
            'greatest(terms.bought_units, 1)'
        ) }} as drawn_minor,
        {{ rounded_quotient(
            'greatest(used.used_units - terms.bought_units, 0) * terms.price',
            wide_integer('100000000000000000000')
        ) }} as overage_minor
    from used
    inner join terms
        on used.arr_line_id = terms.arr_line_id

),

moved as (

    select
        arr_line_id,
        period_no,
        drawn_minor + overage_minor
        - coalesce(lag(drawn_minor + overage_minor) over line, 0) as value_minor,
        overage_minor - coalesce(lag(overage_minor) over line, 0) as overage_minor
    from valued
    window line as (partition by arr_line_id order by period_no)

),

final as (

    select
        arr_line_id,
        period_no,
        cast(12 * value_minor as bigint) as usage_last_month_minor,
        cast(4 * sum(value_minor) over quarter as bigint) as usage_trailing_quarter_minor,
        cast(4 * sum(overage_minor) over quarter as bigint) as usage_variable_minor
    from moved
    window quarter as (
        partition by arr_line_id order by period_no rows between 2 preceding and current row
    )

)

select * from final
