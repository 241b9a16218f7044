-- Grain: one row per contract line version as the ERP states it (one sales order line). Same shape
-- as int_crm_contract_lines. Dates and rule are those of recognition, the rate that of the order.
with

transactions as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where
        transaction_type = 'SalesOrd'
        and not is_deleted
        and not coalesce(is_voided, false)
        -- Pending approval and cancelled orders promise nothing.
        and right(coalesce(transaction_status, ''), 1) not in ('A', 'C')

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where
        not is_deleted
        and not coalesce(is_main_line, false)
        and not coalesce(is_tax_line, false)
        and item_id is not null

),

deleted_orders as (

    -- Record ids are unique within a type only; releases spell the type of an order in two ways.
    select distinct record_id
    from {{ ref('stg_netsuite__deleted_records') }}
    where lower(replace(record_type, ' ', '')) in ('salesord', 'salesorder', 'transaction')

),

revenue_elements as (

    select * from {{ ref('int_erp_revenue_elements') }}

),

items as (

    select * replace (coalesce(recognition_rule, 'No rule') as recognition_rule)
    from {{ ref('stg_netsuite__items') }}
    where not is_deleted

),

customers as (

    select * from {{ ref('stg_netsuite__customers') }}
    where not is_deleted

),

erp_currencies as (

    select * from {{ ref('stg_netsuite__currencies') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

policies as (

    select * from {{ ref('recognition_policies') }}
    where witness = 'erp'

),

joined as (

    select
        transaction_lines.transaction_line_key as record_id,
        transactions.transaction_id as header_record_id,
        transactions.transaction_number as header_number,
        transactions.customer_id as customer_record_id,
        transaction_lines.item_id as product_record_id,
        {{ salesforce_id_18('transaction_lines.crm_order_item_id') }} as crm_line_key,
        {{ salesforce_id_18('transactions.crm_header_id') }} as crm_header_key,
        {{ salesforce_id_18('customers.external_id') }} as crm_customer_key,
        {{ salesforce_id_18('items.external_id') }} as crm_product_key,
        erp_currencies.currency_code,
        transaction_lines.quantity,
        {{ minor_units('transaction_lines.foreign_amount', 'currencies.minor_units_per_major') }}
            as amount_minor,
        {{ minor_units(
            'coalesce(revenue_elements.allocation_amount, transaction_lines.foreign_amount)',
            'currencies.minor_units_per_major'
        ) }} as allocated_minor,
        cast(round(transactions.exchange_rate * 100000000, 0) as bigint)
        * reporting.minor_units_per_major as rate_numerator,
        cast(100000000 as bigint) * currencies.minor_units_per_major as rate_denominator,
        policies.recognition_pattern,
        policies.proration,
        policies.price_proration,
        transactions.transaction_date as known_on,
        coalesce(revenue_elements.starts_on, transaction_lines.starts_on) as starts_on,
        coalesce(
            revenue_elements.ends_on,
            transaction_lines.ends_on,
            case policies.recognition_pattern
                when 'point_in_time'
                    then coalesce(revenue_elements.starts_on, transaction_lines.starts_on)
            end
        ) as ends_on,
        transaction_lines.ends_on as service_ends_on,
        transaction_lines.load_id
    from transaction_lines
    inner join transactions
        on transaction_lines.transaction_id = transactions.transaction_id
    left join deleted_orders
        on transactions.transaction_id = deleted_orders.record_id
    left join revenue_elements
        on transaction_lines.revenue_element_id = revenue_elements.revenue_element_id
    left join items
        on transaction_lines.item_id = items.item_id
    left join customers
        on transactions.customer_id = customers.customer_id
    left join erp_currencies
        on transactions.currency_id = erp_currencies.currency_id
    left join currencies
        on erp_currencies.currency_code = currencies.currency_code
    left join policies
        on coalesce(revenue_elements.recognition_rule, items.recognition_rule)
        = policies.source_value
    cross join currencies as reporting
    where
        deleted_orders.record_id is null
        and reporting.currency_code = '{{ var("reporting_currency") }}'

),

converted as (

    select
        *,
        {{ converted_minor_units('amount_minor', 'rate_numerator', 'rate_denominator') }}
            as amount_rpt_minor
    from joined

)

select * from converted
