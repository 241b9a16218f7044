-- Grain: one row per billing line that can be tied to an ERP contract line (sales order line), with
-- the rule that ties it: the ERP's own link to the order line, the link to a billing line that has
-- one (a credit memo made from an invoice), the revenue element, or order and item.
with

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where not is_deleted

),

links as (

    select * from {{ ref('stg_netsuite__line_links') }}
    where not is_deleted and link_type != 'Payment'

),

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}

),

documents as (

    select * from {{ ref('int_erp_documents') }}

),

order_lines as (

    select
        transaction_lines.transaction_id,
        transaction_lines.line_id,
        contract_lines.record_id
    from contract_lines
    inner join transaction_lines
        on contract_lines.record_id = transaction_lines.transaction_line_key

),

by_line as (

    select
        links.next_transaction_id as transaction_id,
        links.next_line_id as line_id,
        order_lines.record_id,
        'line_link' as link_rule,
        1 as preference
    from links
    inner join order_lines
        on
        links.previous_transaction_id = order_lines.transaction_id
        and links.previous_line_id = order_lines.line_id

),

by_bill as (

    select
        links.next_transaction_id as transaction_id,
        links.next_line_id as line_id,
        by_line.record_id,
        'bill_link' as link_rule,
        2 as preference
    from links
    inner join by_line
        on
        links.previous_transaction_id = by_line.transaction_id
        and links.previous_line_id = by_line.line_id

),

by_element as (

    select
        transaction_lines.transaction_id,
        transaction_lines.line_id,
        element_lines.record_id,
        'element' as link_rule,
        3 as preference
    from transaction_lines
    inner join element_lines
        on transaction_lines.revenue_element_id = element_lines.revenue_element_id

),

by_item as (

    select
        transaction_lines.transaction_id,
        transaction_lines.line_id,
        contract_lines.record_id,
        'order_and_item' as link_rule,
        4 as preference
    from transaction_lines
    inner join documents
        on transaction_lines.transaction_id = documents.transaction_id
    inner join contract_lines
        on
        documents.order_record_id = contract_lines.header_record_id
        and transaction_lines.item_id = contract_lines.product_record_id

),

combined as (

    select * from by_line

    union all

    select * from by_bill

    union all

    select * from by_element

    union all

    select * from by_item

)

select
    transaction_id,
    line_id,
    record_id,
    link_rule
from combined
qualify row_number() over (
        partition by transaction_id, line_id order by preference, record_id
    ) = 1
