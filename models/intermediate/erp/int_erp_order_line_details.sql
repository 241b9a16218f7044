-- Grain: one row per ERP contract line (sales order line): the CRM product its item is, and the
-- part of its amount that will never be recognized because the line was closed before all of it
-- was billed. The ERP cuts the line's element to what was billed and leaves quantity and amount of
-- the line; a line that closed because all of it was billed has no such part.
with

contract_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

closed_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where is_closed

),

revenue_elements as (

    select * from {{ ref('int_erp_revenue_elements') }}

),

item_products as (

    select * from {{ ref('int_erp_item_products') }}

),

currencies as (

    select * from {{ ref('currencies') }}

),

kept as (

    -- Without an element, the billed part of the quantity.
    select
        contract_lines.record_id,
        item_products.crm_product_id,
        contract_lines.amount_minor,
        coalesce(
            {{ minor_units('revenue_elements.sales_amount', 'currencies.minor_units_per_major') }},
            cast({{ rounded_quotient(
                wide_integer('contract_lines.amount_minor') ~ ' * '
                ~ scaled_integer('closed_lines.billed_quantity', 4),
                scaled_integer('nullif(contract_lines.quantity, 0)', 4)
            ) }} as bigint)
        ) as kept_minor
    from contract_lines
    left join closed_lines
        on contract_lines.record_id = closed_lines.transaction_line_key
    left join revenue_elements
        on closed_lines.revenue_element_id = revenue_elements.revenue_element_id
    left join item_products
        on contract_lines.product_record_id = item_products.item_id
    left join currencies
        on contract_lines.currency_code = currencies.currency_code

)

select
    record_id,
    crm_product_id,
    case
        when kept_minor >= 0 and kept_minor < amount_minor then amount_minor - kept_minor
        else 0
    end as closed_minor
from kept
