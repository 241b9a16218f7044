-- Fails where the bookings of an order do not sum to the total the CRM itself states for it.
with

bookings as (

    select
        header_record_id,
        sum(amount_minor) as booked_minor,
        max(currency_code) as currency_code
    from {{ ref('fct_contract_lines') }}
    where witness = 'crm'
    group by header_record_id

),

orders as (

    select * from {{ ref('stg_salesforce__orders') }}
    where not is_deleted and status_code = 'Activated'

),

currencies as (

    select * from {{ ref('currencies') }}

)

select
    orders.order_id,
    orders.total_amount,
    bookings.booked_minor
from orders
left join bookings
    on orders.order_id = bookings.header_record_id
left join currencies
    on orders.currency_code = currencies.currency_code
where
    (
        {{ minor_units('orders.total_amount', 'currencies.minor_units_per_major') }}
        = bookings.booked_minor
    ) is not true
