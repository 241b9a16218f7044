-- Grain: one row per revenue element with the ERP contract line (sales order line) it recognizes.
-- An element made by an invoice, as a charge for use is, belongs to the line of the invoice's order
-- with the same item. An invoice line that carries the order line's own element adds nothing.
with

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where revenue_element_id is not null and not is_deleted

),

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

of_order_lines as (

    select
        transaction_lines.revenue_element_id,
        contract_lines.record_id,
        false as is_charge
    from transaction_lines
    inner join contract_lines
        on transaction_lines.transaction_line_key = contract_lines.record_id

),

of_invoice_lines as (

    select
        transaction_lines.revenue_element_id,
        contract_lines.record_id,
        true as is_charge
    from transaction_lines
    inner join contract_lines
        on
        transaction_lines.created_from_transaction_id = contract_lines.header_record_id
        and transaction_lines.item_id = contract_lines.product_record_id
    left join of_order_lines
        on transaction_lines.revenue_element_id = of_order_lines.revenue_element_id
    where of_order_lines.revenue_element_id is null
    -- Two lines of an order with one item cannot be told apart: the first takes it.
    qualify row_number() over (
            partition by transaction_lines.revenue_element_id
            order by contract_lines.starts_on, contract_lines.record_id
        ) = 1

)

select * from of_order_lines

union all

select * from of_invoice_lines
