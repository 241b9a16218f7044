-- Grain: one row per posted ledger line of the primary book on an account of revenue, deferred
-- revenue, contract assets or receivables. Each account counts in its own direction: revenue and
-- deferred revenue are credits, assets and receivables debits.
with

accounting_lines as (

    select * from {{ ref('stg_netsuite__accounting_lines') }}
    where is_posting and not is_deleted

),

accounting_books as (

    select * from {{ ref('stg_netsuite__accounting_books') }}
    where is_primary

),

accounts as (

    select * from {{ ref('int_erp_accounts') }}
    where account_role is not null

),

transactions as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where not is_deleted

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}

),

revenue_journals as (

    select * from {{ ref('int_erp_revenue_journals') }}

),

documents as (

    select * from {{ ref('int_erp_documents') }}

),

posting_periods as (

    select * from {{ ref('int_erp_posting_periods') }}

),

reporting as (

    select * from {{ ref('currencies') }}
    where currency_code = '{{ var("reporting_currency") }}'

),

final as (

    select
        accounting_lines.transaction_id,
        accounting_lines.line_id,
        accounts.account_id,
        accounts.account_role,
        posting_periods.period_no,
        transactions.transaction_date as posted_on,
        transactions.transaction_number,
        -- Whose line it is: what posted it decides how it is explained.
        case
            when transactions.transaction_type in ('CustInvc', 'CashSale', 'CustCred') then 'bill'
            when transactions.transaction_type in ('CustPymt', 'CustRfnd') then 'settlement'
            when transactions.transaction_type != 'Journal' then 'other'
            when revenue_journals.posting_mode = 'summary' then 'summary_journal'
            when revenue_journals.posting_mode = 'detail' then 'revenue_journal'
            when transaction_lines.is_revenue_transaction then 'reclassification'
            else 'manual_journal'
        end as entry_kind,
        coalesce(of_line.order_record_id, of_document.order_record_id) as order_record_id,
        {{ minor_units('accounting_lines.credit_amount', 'reporting.minor_units_per_major') }}
        * case when accounts.account_role in ('contract_asset', 'receivable') then -1 else 1 end
            as amount_fn_minor,
        accounting_lines.load_id
    from accounting_lines
    inner join accounting_books
        on accounting_lines.accounting_book_id = accounting_books.accounting_book_id
    inner join accounts
        on accounting_lines.account_id = accounts.account_id
    inner join transactions
        on accounting_lines.transaction_id = transactions.transaction_id
    left join transaction_lines
        on
        accounting_lines.transaction_id = transaction_lines.transaction_id
        and accounting_lines.line_id = transaction_lines.line_id
    left join revenue_journals
        on accounting_lines.transaction_id = revenue_journals.journal_id
    left join documents as of_document
        on accounting_lines.transaction_id = of_document.transaction_id
    left join documents as of_line
        on transaction_lines.created_from_transaction_id = of_line.transaction_id
    left join posting_periods
        on transactions.accounting_period_id = posting_periods.posting_period_id
    cross join reporting

)

select * from final
