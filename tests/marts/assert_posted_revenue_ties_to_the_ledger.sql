-- Fails where posted revenue differs from the general ledger by revenue account and period.
-- The ledger is read on its own (posting accounting lines of journals on the accounts plans
-- recognize to), so a manual journal or a journal without a plan shows up here.
with

recognition_accounts as (

    select distinct recognition_account_id
    from {{ ref('int_erp_planned_revenue') }}

),

ledger as (

    select
        accounting_lines.account_id,
        erp_transactions.accounting_period_id,
        sum(accounting_lines.credit_amount) as ledger_amount
    from {{ ref('stg_netsuite__accounting_lines') }} as accounting_lines
    inner join {{ ref('stg_netsuite__transactions') }} as erp_transactions
        on accounting_lines.transaction_id = erp_transactions.transaction_id
    inner join {{ ref('stg_netsuite__accounting_books') }} as accounting_books
        on accounting_lines.accounting_book_id = accounting_books.accounting_book_id
    inner join recognition_accounts
        on accounting_lines.account_id = recognition_accounts.recognition_account_id
    where
        erp_transactions.transaction_type = 'Journal'
        and accounting_lines.is_posting
        and not accounting_lines.is_deleted
        and not erp_transactions.is_deleted
        and accounting_books.is_primary
    group by accounting_lines.account_id, erp_transactions.accounting_period_id

),

posted as (

    select
        planned_revenue.recognition_account_id as account_id,
        accounting_periods.accounting_period_id,
        sum(planned_revenue.amount_fn_minor) as posted_minor
    from {{ ref('int_erp_planned_revenue') }} as planned_revenue
    inner join {{ ref('int_accounting_periods') }} as accounting_periods
        on planned_revenue.posting_period_no = accounting_periods.period_no
    group by planned_revenue.recognition_account_id, accounting_periods.accounting_period_id

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

)

select
    coalesce(ledger.account_id, posted.account_id) as account_id,
    coalesce(ledger.accounting_period_id, posted.accounting_period_id) as accounting_period_id,
    ledger.ledger_amount,
    posted.posted_minor
from ledger
full outer join posted
    on
    ledger.account_id = posted.account_id
    and ledger.accounting_period_id = posted.accounting_period_id
cross join reporting_currency
where
    (
        {{ minor_units('ledger.ledger_amount', 'reporting_currency.minor_units_per_major') }}
        = posted.posted_minor
    ) is not true
