-- Fails on a contract line whose quote lines do not add up to the order products they became: an
-- order product was changed by hand after it was ordered, or the quote is read wrongly (an
-- amendment's new total taken for its change, a block price multiplied). Compare both in the CRM.
with

order_lines as (

    -- One quote line may be split over several order products. What is charged by use alone books
    -- nothing, and its quote line shows the price of a unit.
    select
        order_lines.line_record_id,
        order_items.quote_line_id,
        sum(order_lines.amount_minor) as ordered_minor
    from {{ ref('int_crm_order_lines') }} as order_lines
    inner join {{ ref('stg_salesforce__order_items') }} as order_items
        on order_lines.record_id = order_items.order_item_id
    left join {{ ref('stg_salesforce__products') }} as products
        on order_items.product_id = products.product_id
    where
        order_items.quote_line_id is not null
        and not (products.charge_type = 'Usage' and order_items.total_price = 0)
    group by order_lines.line_record_id, order_items.quote_line_id

)

select
    order_lines.line_record_id,
    quote_lines.currency_code,
    sum(quote_lines.net_total_minor) as quoted_minor,
    sum(order_lines.ordered_minor) as ordered_minor,
    min(order_lines.quote_line_id) as one_quote_line_id
from order_lines
inner join {{ ref('int_crm_quote_lines') }} as quote_lines
    on order_lines.quote_line_id = quote_lines.quote_line_id
group by order_lines.line_record_id, quote_lines.currency_code
having sum(quote_lines.net_total_minor) is distinct from sum(order_lines.ordered_minor)
