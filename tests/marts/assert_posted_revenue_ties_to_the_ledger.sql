-- Fails where revenue differs from the general ledger by account and period: what contract lines
-- posted, in Detail and in Summary mode, bills straight to revenue and journals written by hand
-- against the ledger read on its own, all posting accounting lines of the primary book.
with

ledger as (

    select
        accounting_lines.account_id,
        posting_periods.period_no,
        sum(accounting_lines.credit_amount) as ledger_amount
    from {{ ref('stg_netsuite__accounting_lines') }} as accounting_lines
    inner join {{ ref('stg_netsuite__transactions') }} as erp_transactions
        on accounting_lines.transaction_id = erp_transactions.transaction_id
    inner join {{ ref('stg_netsuite__accounting_books') }} as accounting_books
        on accounting_lines.accounting_book_id = accounting_books.accounting_book_id
    inner join {{ ref('stg_netsuite__accounts') }} as erp_accounts
        on accounting_lines.account_id = erp_accounts.account_id
    left join {{ ref('int_erp_posting_periods') }} as posting_periods
        on erp_transactions.accounting_period_id = posting_periods.posting_period_id
    where
        erp_accounts.account_type = 'Income'
        and accounting_lines.is_posting
        and not accounting_lines.is_deleted
        and not erp_transactions.is_deleted
        and accounting_books.is_primary
    group by accounting_lines.account_id, posting_periods.period_no

),

explained as (

    select
        account_id,
        period_no,
        contract_lines_rpt + summary_journals_rpt + other_bills_rpt + manual_journals_rpt
            as explained_amount
    from {{ ref('fct_ledger_tie') }}
    where account_role = 'revenue'

)

select
    coalesce(ledger.account_id, explained.account_id) as account_id,
    coalesce(ledger.period_no, explained.period_no) as period_no,
    ledger.ledger_amount,
    explained.explained_amount
from ledger
full outer join explained
    on
    ledger.account_id = explained.account_id
    and ledger.period_no = explained.period_no
where
    (coalesce(ledger.ledger_amount, 0) = coalesce(explained.explained_amount, 0)) is not true
