-- Grain: one row per revenue account x accounting period: the ledger's credit and the posted plan
-- rows, in minor units of the ledger's currency. The ledger is read on its own (posting accounting
-- lines of journals on the accounts plans recognize to), so a manual journal or a journal without
-- a plan makes the two differ.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

accounting_lines as (

    select * from {{ ref('stg_netsuite__accounting_lines') }}
    where is_posting and not is_deleted

),

journals as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where transaction_type = 'Journal' and not is_deleted

),

accounting_books as (

    select * from {{ ref('stg_netsuite__accounting_books') }}
    where is_primary

),

accounting_periods as (

    select * from {{ ref('int_accounting_periods') }}

),

currencies as (

    select * from {{ ref('currencies') }}
    where currency_code = '{{ var("reporting_currency") }}'

),

recognition_accounts as (

    select distinct recognition_account_id from planned_revenue

),

ledger as (

    select
        accounting_lines.account_id,
        journals.accounting_period_id,
        sum(accounting_lines.credit_amount) as credit_amount
    from accounting_lines
    inner join journals
        on accounting_lines.transaction_id = journals.transaction_id
    inner join accounting_books
        on accounting_lines.accounting_book_id = accounting_books.accounting_book_id
    inner join recognition_accounts
        on accounting_lines.account_id = recognition_accounts.recognition_account_id
    group by accounting_lines.account_id, journals.accounting_period_id

),

posted as (

    select
        planned_revenue.recognition_account_id as account_id,
        accounting_periods.accounting_period_id,
        cast(sum(planned_revenue.amount_fn_minor) as bigint) as posted_minor
    from planned_revenue
    inner join accounting_periods
        on planned_revenue.posting_period_no = accounting_periods.period_no
    group by planned_revenue.recognition_account_id, accounting_periods.accounting_period_id

),

compared as (

    select
        coalesce(ledger.account_id, posted.account_id) as account_id,
        coalesce(ledger.accounting_period_id, posted.accounting_period_id)
            as accounting_period_id,
        {{ minor_units('ledger.credit_amount', 'currencies.minor_units_per_major') }}
            as ledger_minor,
        posted.posted_minor
    from ledger
    full outer join posted
        on
        ledger.account_id = posted.account_id
        and ledger.accounting_period_id = posted.accounting_period_id
    cross join currencies

),

final as (

    -- A missing side does not tie, even to zero.
    select
        *,
        coalesce(ledger_minor = posted_minor, false) as is_tied
    from compared

)

select * from final
