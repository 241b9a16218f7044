-- Grain: one row per contract line of one system only that repeats a line both systems have: same
-- customer, product, currency, days and amount.
with

versions as (

    select * from {{ ref('int_bookings_bridge_terms') }}

),

sides as (

    select
        contract_line_id,
        count(distinct witness) as witnesses
    from versions
    group by contract_line_id

),

linked as (

    select versions.*
    from versions
    inner join sides
        on versions.contract_line_id = sides.contract_line_id
    where sides.witnesses = 2

),

alone as (

    select versions.*
    from versions
    inner join sides
        on versions.contract_line_id = sides.contract_line_id
    where sides.witnesses = 1

)

select distinct alone.contract_line_id
from alone
inner join linked
    on
    alone.witness = linked.witness
    and alone.arr_customer_id = linked.arr_customer_id
    and alone.product_id = linked.product_id
    and alone.currency_code = linked.currency_code
    and alone.starts_on = linked.starts_on
    and alone.ends_on = linked.ends_on
    and alone.amount_minor = linked.amount_minor
    and alone.quantity_units = linked.quantity_units
