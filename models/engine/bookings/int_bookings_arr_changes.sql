-- Grain: one row per ARR line x accounting period in which something of it changes: what a renewal
-- carries on, and the rest by seats, price and mix. Seats are the change of quantity at the old
-- price of the customer's product, price is what is left; a product that is missing on one side of
-- the period, and use, are mix. seat + price + mix = rest, line by line.
with

balances as (

    select * from {{ ref('int_bookings_arr_balances') }}

),

renewals as (

    select * from {{ ref('int_bookings_arr_renewals') }}

),

products as (

    select
        arr_customer_id,
        product_id,
        currency_code,
        period_no,
        sum(begin_minor) as begin_minor,
        sum(begin_units) as begin_units,
        least(sum(begin_minor), sum(begin_units), sum(end_minor), sum(end_units)) > 0
            as is_on_both_sides
    from balances
    group by arr_customer_id, product_id, currency_code, period_no

),

measured as (

    select
        balances.*,
        coalesce(renewals.renewed_minor, 0) as renewed_minor,
        balances.end_minor - balances.begin_minor - coalesce(renewals.renewed_minor, 0)
            as rest_minor,
        products.is_on_both_sides,
        {{ rounded_quotient(
            wide_integer('balances.end_units - balances.begin_units')
            ~ ' * products.begin_minor',
            'greatest(products.begin_units, 1)'
        ) }} as repriced_minor
    from balances
    inner join products
        on
        balances.arr_customer_id = products.arr_customer_id
        and balances.product_id = products.product_id
        and balances.currency_code = products.currency_code
        and balances.period_no = products.period_no
    left join renewals
        on
        balances.arr_line_id = renewals.arr_line_id
        and balances.period_no = renewals.period_no
    where
        balances.begin_minor != balances.end_minor
        or balances.begin_units != balances.end_units

),

attributed as (

    select
        *,
        cast(
            case when is_on_both_sides then repriced_minor - renewed_minor else 0 end as bigint
        ) as seat_minor,
        cast(
            case
                when is_on_both_sides then rest_minor - repriced_minor + renewed_minor else 0
            end as bigint
        ) as price_minor,
        case when is_on_both_sides then 0 else rest_minor end as mix_minor
    from measured

)

select *
from attributed
where renewed_minor != 0 or rest_minor != 0 or seat_minor != 0
