-- Grain: one row per line of an invoice, cash sale or credit memo x contract line version it bills:
-- an order line that several share is billed to each by its share.
-- A line that is of an order but of none of its lines keeps the contract.
-- is_revenue: false for what is collected for others.
with

billing_lines as (

    select * from {{ ref('int_erp_billing_lines') }}

),

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

customers as (

    select * from {{ ref('dim_customer') }}

),

products as (

    select * from {{ ref('dim_product') }}

),

documents as (

    select * from {{ ref('int_erp_documents') }}

),

orders as (

    select * from {{ ref('int_balances_orders') }}

),

final as (

    select
        billing_lines.billing_record_id,
        billing_lines.document_record_id,
        billing_lines.document_number,
        billing_lines.line_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        case
            when contract_lines.record_id is null
                then coalesce(products.recognition_pattern != 'out_of_scope', true)
            else coalesce(contract_lines.recognition_pattern != 'out_of_scope', true)
        end as is_revenue,
        coalesce(contract_lines.contract_id, orders.contract_id) as contract_id,
        coalesce(contract_lines.customer_id, customers.customer_id) as customer_id,
        coalesce(contract_lines.product_id, products.product_id) as product_id,
        billing_lines.record_id,
        billing_lines.link_rule,
        billing_lines.billing_kind,
        billing_lines.currency_code,
        {{ share_between(
            'billing_lines.amount_minor', 'coalesce(contract_lines.share_before, 0)',
            'coalesce(contract_lines.share_through, 1)', 'coalesce(contract_lines.share_total, 1)'
        ) }} as amount_minor,
        {{ share_between(
            'billing_lines.amount_fn_minor', 'coalesce(contract_lines.share_before, 0)',
            'coalesce(contract_lines.share_through, 1)', 'coalesce(contract_lines.share_total, 1)'
        ) }} as amount_fn_minor,
        billing_lines.exchange_rate,
        billing_lines.period_no,
        billing_lines.billed_on,
        billing_lines.load_id
    from billing_lines
    left join contract_lines
        on billing_lines.record_id = contract_lines.record_id
    left join documents
        on billing_lines.document_record_id = documents.transaction_id
    left join orders
        on documents.order_record_id = orders.order_record_id
    left join customers
        on billing_lines.customer_record_id = customers.netsuite_customer_id
    left join products
        on billing_lines.product_record_id = products.netsuite_item_id

)

select * from final
