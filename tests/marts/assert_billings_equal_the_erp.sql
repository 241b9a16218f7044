-- Fails where fct_billings lost or doubled a line of a bill, linked or not: the mart against the
-- ERP's own lines by transaction, without the joins between them.
with

erp as (

    select
        transaction_lines.transaction_id,
        count(*) as line_count,
        sum(transaction_lines.foreign_amount) as amount
    from {{ ref('stg_netsuite__transaction_lines') }} as transaction_lines
    inner join {{ ref('stg_netsuite__transactions') }} as erp_transactions
        on transaction_lines.transaction_id = erp_transactions.transaction_id
    where
        erp_transactions.transaction_type in ('CustInvc', 'CashSale', 'CustCred')
        and erp_transactions.is_posting
        and not erp_transactions.is_deleted
        and not coalesce(erp_transactions.is_voided, false)
        and not transaction_lines.is_deleted
        and not coalesce(transaction_lines.is_main_line, false)
        and not coalesce(transaction_lines.is_tax_line, false)
        and transaction_lines.item_id is not null
    group by transaction_lines.transaction_id

),

mart as (

    select
        erp_document_record_id as transaction_id,
        count(distinct erp_billing_record_id) as line_count,
        sum(amount_txn) as amount
    from {{ ref('fct_billings') }}
    group by erp_document_record_id

)

select
    transaction_id,
    erp.amount,
    mart.amount as mart_amount
from erp
full outer join mart
    using (transaction_id)
where (erp.line_count = mart.line_count and erp.amount = mart.amount) is not true
