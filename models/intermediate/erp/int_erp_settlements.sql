-- Grain: one row per payment or refund x bill it settles. What it takes off the receivable:
-- payments positive, refunds of a credit memo negative; in the ledger's currency a share of what
-- the bill put on it, so that a bill paid in full leaves nothing.
with

links as (

    select * from {{ ref('stg_netsuite__line_links') }}
    where link_type = 'Payment' and not is_deleted

),

transactions as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where not is_deleted and not coalesce(is_voided, false)

),

main_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where is_main_line and not is_deleted

),

documents as (

    select * from {{ ref('int_erp_documents') }}

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
        settlements.transaction_id as settlement_record_id,
        bills.transaction_id as document_record_id,
        documents.order_record_id,
        posting_periods.period_no,
        settlements.transaction_date as settled_on,
        case when bills.transaction_type = 'CustCred' then -1 else 1 end
        * {{ minor_units('abs(links.foreign_amount)', 'currencies.minor_units_per_major') }}
            as amount_minor,
        {{ minor_units('-main_lines.foreign_amount', 'currencies.minor_units_per_major') }}
            as bill_minor,
        {{ minor_units('-main_lines.net_amount', 'reporting.minor_units_per_major') }}
            as bill_fn_minor
    from links
    inner join transactions as bills
        on links.previous_transaction_id = bills.transaction_id
    inner join transactions as settlements
        on links.next_transaction_id = settlements.transaction_id
    inner join main_lines
        on bills.transaction_id = main_lines.transaction_id
    left join documents
        on bills.transaction_id = documents.transaction_id
    left join posting_periods
        on settlements.accounting_period_id = posting_periods.posting_period_id
    left join erp_currencies
        on bills.currency_id = erp_currencies.currency_id
    left join currencies
        on erp_currencies.currency_code = currencies.currency_code
    cross join currencies as reporting
    where
        bills.transaction_type in ('CustInvc', 'CustCred')
        and settlements.transaction_type in ('CustPymt', 'CustRfnd')
        and settlements.is_posting
        and reporting.currency_code = '{{ var("reporting_currency") }}'

),

running as (

    select
        *,
        cast(sum(amount_minor) over by_bill as bigint) as settled_minor
    from joined
    where bill_minor != 0
    window
        by_bill as (
            partition by document_record_id
            order by settled_on, settlement_record_id
            rows between unbounded preceding and current row
        )

),

converted as (

    select
        * exclude (bill_minor, bill_fn_minor, settled_minor),
        {{ converted_minor_units(
            'settled_minor', 'bill_fn_minor * sign(bill_minor)', 'abs(bill_minor)'
        ) }}
        - {{ converted_minor_units(
            '(settled_minor - amount_minor)', 'bill_fn_minor * sign(bill_minor)', 'abs(bill_minor)'
        ) }} as amount_fn_minor
    from running

)

select * from converted
