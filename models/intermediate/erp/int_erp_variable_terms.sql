-- Grain: one row per ERP record that makes the price of a contract line vary: the minimum of an
-- order line, an estimate (a return authorization of the order without goods), a credit memo of the
-- order with an element of its own. A credit memo that carries the element of another record, as
-- that of a reduction or of a return authorization does, adds nothing.
with

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

transactions as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where not is_deleted and not coalesce(is_voided, false)

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where not is_deleted

),

element_lines as (

    select * from {{ ref('int_erp_element_lines') }}
    where is_charge

),

revenue_elements as (

    select * from {{ ref('int_erp_revenue_elements') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

minimums as (

    select
        contract_lines.record_id,
        cast(null as varchar) as revenue_element_id,
        'monthly_minimum' as term_kind,
        contract_lines.known_on as effective_on,
        contract_lines.record_id as term_record_id,
        contract_lines.header_record_id as term_header_record_id,
        contract_lines.header_number as term_document,
        transaction_lines.monthly_minimum as amount,
        contract_lines.currency_code,
        contract_lines.load_id
    from contract_lines
    inner join transaction_lines
        on contract_lines.record_id = transaction_lines.transaction_line_key
    where transaction_lines.monthly_minimum > 0

),

changes as (

    select
        element_lines.record_id,
        element_lines.revenue_element_id,
        case transactions.transaction_type
            when 'CustCred' then 'credit_memo'
            when 'RtnAuth' then 'rebate_estimate'
        end as term_kind,
        transactions.transaction_date as effective_on,
        transaction_lines.transaction_line_key as term_record_id,
        transactions.transaction_id as term_header_record_id,
        transactions.transaction_number as term_document,
        coalesce(revenue_elements.allocation_amount, transaction_lines.foreign_amount) as amount,
        contract_lines.currency_code,
        transaction_lines.load_id
    from element_lines
    inner join contract_lines
        on element_lines.record_id = contract_lines.record_id
    inner join transaction_lines
        on
        element_lines.revenue_element_id = transaction_lines.revenue_element_id
        and contract_lines.header_record_id = transaction_lines.created_from_transaction_id
    inner join transactions
        on transaction_lines.transaction_id = transactions.transaction_id
    left join revenue_elements
        on element_lines.revenue_element_id = revenue_elements.revenue_element_id
    where transactions.transaction_type in ('CustCred', 'RtnAuth')

),

combined as (

    select * from minimums

    union all

    select * from changes

),

final as (

    select
        combined.record_id,
        combined.revenue_element_id,
        combined.term_kind,
        combined.effective_on,
        combined.term_record_id,
        combined.term_header_record_id,
        combined.term_document,
        {{ minor_units('combined.amount', 'currencies.minor_units_per_major') }} as amount_minor,
        combined.load_id
    from combined
    inner join currencies
        on combined.currency_code = currencies.currency_code

)

select * from final
