-- Identity manifest: every CRM order product of an activated order and every item line of an ERP
-- sales order is in the contract grain exactly once (a record that several versions share: with
-- parts that make up the whole), even when totals would agree without it. Read from staging with
-- the exclusions spelled out, so a record the models lose on a join shows up.
with

crm_records as (

    select order_items.order_item_id as record_id
    from {{ ref('stg_salesforce__order_items') }} as order_items
    left join {{ ref('stg_salesforce__orders') }} as orders
        on order_items.order_id = orders.order_id
    where
        not order_items.is_deleted
        and not coalesce(orders.is_deleted, false)
        and coalesce(orders.status_code, 'Activated') = 'Activated'

),

deleted_orders as (

    select record_id
    from {{ ref('stg_netsuite__deleted_records') }}
    where lower(replace(record_type, ' ', '')) in ('salesord', 'salesorder', 'transaction')

),

erp_records as (

    select transaction_lines.transaction_line_key as record_id
    from {{ ref('stg_netsuite__transaction_lines') }} as transaction_lines
    left join {{ ref('stg_netsuite__transactions') }} as erp_transactions
        on transaction_lines.transaction_id = erp_transactions.transaction_id
    left join deleted_orders
        on transaction_lines.transaction_id = deleted_orders.record_id
    where
        coalesce(erp_transactions.transaction_type, 'SalesOrd') = 'SalesOrd'
        and not coalesce(erp_transactions.is_voided, false)
        and not coalesce(erp_transactions.is_deleted, false)
        and not transaction_lines.is_deleted
        and right(coalesce(erp_transactions.transaction_status, ''), 1) not in ('A', 'C')
        and deleted_orders.record_id is null
        and not coalesce(transaction_lines.is_main_line, false)
        and not coalesce(transaction_lines.is_tax_line, false)
        and (transaction_lines.item_id is not null or transaction_lines.foreign_amount != 0)

),

expected as (

    select
        'crm' as witness,
        record_id
    from crm_records

    union all

    select
        'erp' as witness,
        record_id
    from erp_records

),

found as (

    select
        witness,
        record_id,
        count(*) filter (where is_first_of_record) as occurrences,
        sum(share_through - share_before) = max(share_total) as is_whole
    from {{ ref('fct_contract_lines') }}
    group by witness, record_id

)

select
    coalesce(expected.witness, found.witness) as witness,
    coalesce(expected.record_id, found.record_id) as record_id,
    found.occurrences
from expected
full outer join found
    on expected.witness = found.witness and expected.record_id = found.record_id
where
    expected.record_id is null
    or (found.occurrences = 1) is not true
    or found.is_whole is not true
