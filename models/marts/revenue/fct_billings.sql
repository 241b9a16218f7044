-- Grain: one row per line of an invoice, cash sale or credit memo x contract line version it bills:
-- an order line that several share is billed to each by its share. A credit is negative.
-- contract_line_id is null where nothing in the ERP ties the line to a sales order line; such lines
-- are kept, so the mart sums to all that was billed.
with

billings as (

    select * from {{ ref('int_balances_billings') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

erp_source as (

    select record_base_url
    from {{ ref('dim_source') }}
    where source_name = 'netsuite'

),

final as (

    select
        {{ surrogate_key([
            "'erp'", 'billings.billing_record_id', 'billings.contract_line_version_id'
        ]) }} as billing_id,
        billings.contract_line_id,
        billings.contract_line_version_id,
        billings.contract_id,
        billings.customer_id,
        billings.product_id,
        billings.billing_kind,
        billings.link_rule,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        billings.currency_code,
        reporting_currency.currency_code as functional_currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        billings.exchange_rate,
        'transaction' as rate_type,
        billings.billed_on as rate_date,
        {{ money('billings.amount_minor', 'currencies.minor_unit_value') }} as amount_txn,
        {{ money('billings.amount_fn_minor', 'reporting_currency.minor_unit_value') }}
            as amount_fn,
        {{ money('billings.amount_fn_minor', 'reporting_currency.minor_unit_value') }}
            as amount_rpt,
        billings.billed_on,
        billings.document_number,
        billings.document_record_id as erp_document_record_id,
        billings.billing_record_id as erp_billing_record_id,
        billings.record_id as erp_record_id,
        {{ erp_record_url(
            'erp_source.record_base_url',
            "case billings.billing_kind when 'invoice' then 'CustInvc'"
            ~ " when 'cash_sale' then 'CashSale' else 'CustCred' end",
            'billings.document_record_id'
        ) }} as erp_url,
        billings.load_id
    from billings
    inner join currencies
        on billings.currency_code = currencies.currency_code
    left join accounting_periods
        on billings.period_no = accounting_periods.period_no
    cross join reporting_currency
    cross join erp_source

)

select * from final
