-- Grain: one row per journal line on a revenue account that no revenue plan made, with what it says
-- of the contract line it belongs to. Looked for in this order: the revenue element on the line,
-- the CRM's line key in the line's own column, the order or arrangement it was created from if that
-- has one line. A line that says none of them belongs to no contract.
with

accounting_lines as (

    select accounting_lines.*
    from {{ ref('stg_netsuite__accounting_lines') }} as accounting_lines
    inner join {{ ref('stg_netsuite__accounting_books') }} as accounting_books
        on accounting_lines.accounting_book_id = accounting_books.accounting_book_id
    where
        accounting_books.is_primary
        and accounting_lines.is_posting
        and not accounting_lines.is_deleted

),

transactions as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where transaction_type = 'Journal' and not is_deleted

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where not is_deleted

),

planned_journals as (

    select distinct journal_id
    from {{ ref('stg_netsuite__planned_revenue') }}
    where journal_id is not null

),

revenue_accounts as (

    select distinct recognition_account_id
    from {{ ref('int_erp_planned_revenue') }}

),

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}

),

revenue_elements as (

    select * from {{ ref('int_erp_revenue_elements') }}

),

sources as (

    select
        header_record_id as transaction_id,
        record_id
    from contract_lines

    union all

    select
        revenue_elements.revenue_arrangement_id as transaction_id,
        element_lines.record_id
    from revenue_elements
    inner join element_lines
        on revenue_elements.revenue_element_id = element_lines.revenue_element_id

),

single_sources as (

    select
        transaction_id,
        max(record_id) as record_id
    from sources
    group by transaction_id
    having count(distinct record_id) = 1

),

final as (

    select
        transactions.transaction_id as journal_id,
        transactions.transaction_number as journal_number,
        accounting_lines.line_id,
        accounting_lines.account_id,
        accounting_periods.period_no,
        erp_currencies.currency_code,
        {{ minor_units('accounting_lines.credit_amount', 'reporting.minor_units_per_major') }}
            as amount_fn_minor,
        {{ minor_units('transaction_lines.foreign_amount', 'currencies.minor_units_per_major') }}
            as amount_minor,
        element_lines.record_id as element_record_id,
        {{ salesforce_id_18('transaction_lines.crm_order_item_id') }} as crm_line_key,
        single_sources.record_id as source_record_id
    from accounting_lines
    inner join transactions
        on accounting_lines.transaction_id = transactions.transaction_id
    inner join revenue_accounts
        on accounting_lines.account_id = revenue_accounts.recognition_account_id
    left join planned_journals
        on transactions.transaction_id = planned_journals.journal_id
    left join transaction_lines
        on
        accounting_lines.transaction_id = transaction_lines.transaction_id
        and accounting_lines.line_id = transaction_lines.line_id
    left join element_lines
        on transaction_lines.revenue_element_id = element_lines.revenue_element_id
    left join single_sources
        on transaction_lines.created_from_transaction_id = single_sources.transaction_id
    left join {{ ref('int_accounting_periods') }} as accounting_periods
        on transactions.accounting_period_id = accounting_periods.accounting_period_id
    left join {{ ref('stg_netsuite__currencies') }} as erp_currencies
        on transactions.currency_id = erp_currencies.currency_id
    left join {{ ref('currencies') }} as currencies
        on erp_currencies.currency_code = currencies.currency_code
    cross join {{ ref('currencies') }} as reporting
    where
        planned_journals.journal_id is null
        and reporting.currency_code = '{{ var("reporting_currency") }}'

)

select * from final
