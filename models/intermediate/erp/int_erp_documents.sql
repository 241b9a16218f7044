-- Grain: one row per ERP transaction that is of one order: the order itself, its revenue
-- arrangement, and the invoices and credit memos made from it.
with

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where not is_deleted

),

elements as (

    select * from {{ ref('int_erp_revenue_elements') }}

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}

),

orders as (

    select distinct
        header_record_id as transaction_id,
        header_record_id as order_record_id
    from contract_lines

),

arrangements as (

    -- An arrangement of several orders is one contract to the ERP: its first order names it.
    select
        elements.revenue_arrangement_id as transaction_id,
        min_by(contract_lines.header_record_id, contract_lines.record_id) as order_record_id
    from elements
    inner join element_lines
        on elements.revenue_element_id = element_lines.revenue_element_id
    inner join contract_lines
        on element_lines.record_id = contract_lines.record_id
    group by elements.revenue_arrangement_id

),

made_from_orders as (

    select
        transaction_lines.transaction_id,
        min(orders.order_record_id) as order_record_id
    from transaction_lines
    inner join orders
        on transaction_lines.created_from_transaction_id = orders.transaction_id
    group by transaction_lines.transaction_id

),

made_from_bills as (

    select
        transaction_lines.transaction_id,
        min(made_from_orders.order_record_id) as order_record_id
    from transaction_lines
    inner join made_from_orders
        on transaction_lines.created_from_transaction_id = made_from_orders.transaction_id
    group by transaction_lines.transaction_id

),

combined as (

    select
        *,
        1 as preference
    from orders

    union all

    select
        *,
        2 as preference
    from arrangements

    union all

    select
        *,
        3 as preference
    from made_from_orders

    union all

    select
        *,
        4 as preference
    from made_from_bills

)

select
    transaction_id,
    order_record_id
from combined
qualify row_number() over (partition by transaction_id order by preference) = 1
