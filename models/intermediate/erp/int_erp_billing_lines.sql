-- Grain: one row per line of a posted invoice, cash sale or credit memo; tax and main lines are
-- left out. A sale is positive. record_id is the sales order line it bills, null where the ERP says
-- nothing that ties it to one.
with

transactions as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where
        transaction_type in ('CustInvc', 'CashSale', 'CustCred')
        and is_posting
        and not is_deleted
        and not coalesce(is_voided, false)

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where
        not is_deleted
        and not coalesce(is_main_line, false)
        and not coalesce(is_tax_line, false)
        and item_id is not null

),

line_links as (

    select * from {{ ref('int_erp_bill_line_links') }}

),

posting_periods as (

    select * from {{ ref('int_erp_posting_periods') }}

),

erp_currencies as (

    select * from {{ ref('stg_netsuite__currencies') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

joined as (

    select
        transaction_lines.transaction_line_key as billing_record_id,
        transactions.transaction_id as document_record_id,
        transactions.transaction_number as document_number,
        transaction_lines.line_id,
        transactions.customer_id as customer_record_id,
        transaction_lines.item_id as product_record_id,
        line_links.record_id,
        coalesce(line_links.link_rule, 'none') as link_rule,
        case transactions.transaction_type
            when 'CustInvc' then 'invoice'
            when 'CashSale' then 'cash_sale'
            else 'credit_memo'
        end as billing_kind,
        erp_currencies.currency_code,
        {{ minor_units('transaction_lines.foreign_amount', 'currencies.minor_units_per_major') }}
            as amount_minor,
        {{ minor_units('transaction_lines.net_amount', 'reporting.minor_units_per_major') }}
            as amount_fn_minor,
        cast(transactions.exchange_rate as decimal(28, 10)) as exchange_rate,
        posting_periods.period_no,
        transactions.transaction_date as billed_on,
        transaction_lines.load_id
    from transaction_lines
    inner join transactions
        on transaction_lines.transaction_id = transactions.transaction_id
    left join line_links
        on
        transaction_lines.transaction_id = line_links.transaction_id
        and transaction_lines.line_id = line_links.line_id
    left join posting_periods
        on transactions.accounting_period_id = posting_periods.posting_period_id
    left join erp_currencies
        on transactions.currency_id = erp_currencies.currency_id
    left join currencies
        on erp_currencies.currency_code = currencies.currency_code
    cross join currencies as reporting
    where reporting.currency_code = '{{ var("reporting_currency") }}'

)

select * from joined
