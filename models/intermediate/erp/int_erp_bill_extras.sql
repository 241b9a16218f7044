-- Grain: one row per posted invoice, cash sale or credit memo with lines that bill no item: tax,
-- freight, adjustments; what they add to the receivable, in the ledger's currency.
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
    where not is_deleted and not coalesce(is_main_line, false)

),

billing_lines as (

    select * from {{ ref('int_erp_billing_lines') }}

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
        transactions.transaction_id as document_record_id,
        posting_periods.period_no,
        {{ minor_units(
            'sum(transaction_lines.net_amount)', 'any_value(reporting.minor_units_per_major)'
        ) }} as amount_fn_minor
    from transaction_lines
    inner join transactions
        on transaction_lines.transaction_id = transactions.transaction_id
    left join billing_lines
        on transaction_lines.transaction_line_key = billing_lines.billing_record_id
    left join posting_periods
        on transactions.accounting_period_id = posting_periods.posting_period_id
    cross join reporting
    where billing_lines.billing_record_id is null and transaction_lines.net_amount != 0
    group by transactions.transaction_id, posting_periods.period_no

)

select * from final
