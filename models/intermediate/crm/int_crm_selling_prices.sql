-- Grain: one row per CRM order product: what its quantity and term sell for on their own, and what
-- a unit of use costs beyond those bought.
-- The price book of standalone selling prices (var selling_price_book) prices a unit, of a year for
-- what is sold by the year; a product priced in percent of others has a percentage instead.
with

order_items as (

    select * from {{ ref('stg_salesforce__order_items') }}
    where not is_deleted

),

products as (

    select * from {{ ref('stg_salesforce__products') }}

),

quote_lines as (

    select * from {{ ref('stg_salesforce__quote_lines') }}
    where not is_deleted

),

price_book_entries as (

    select * from {{ ref('stg_salesforce__price_book_entries') }}
    where is_active and not is_deleted

),

price_books as (

    select * from {{ ref('stg_salesforce__price_books') }}
    where price_book_name = '{{ var("selling_price_book") }}' and not is_deleted

),

booked_prices as (

    -- One price per product and currency, should the book hold two.
    select
        price_book_entries.product_id,
        price_book_entries.currency_code,
        max(price_book_entries.unit_price) as unit_price
    from price_book_entries
    inner join price_books
        on price_book_entries.price_book_id = price_books.price_book_id
    group by price_book_entries.product_id, price_book_entries.currency_code

),

joined as (

    select
        order_items.order_item_id,
        order_items.quantity,
        products.charge_type,
        order_items.starts_on,
        booked_prices.unit_price,
        {{ add_days('order_items.ends_on', '1') }} as ends_before,
        products.subscription_percent / 100 as selling_price_percent,
        quote_lines.unprorated_net_price as unprorated_price,
        -- A line that books nothing is charged at the quote's net price, one that books units at
        -- its list price beyond them.
        case
            when products.charge_type != 'Usage' then null
            when order_items.total_price = 0 then quote_lines.net_price
            else quote_lines.list_price
        end as usage_price
    from order_items
    left join products
        on order_items.product_id = products.product_id
    left join quote_lines
        on order_items.quote_line_id = quote_lines.quote_line_id
    left join booked_prices
        on
        order_items.product_id = booked_prices.product_id
        and order_items.currency_code = booked_prices.currency_code

),

termed as (

    -- Years of the term as twelfths and days of 365, over 4380; what is not sold by the year: one.
    select
        *,
        case
            when charge_type != 'Recurring' or ends_before is null then 4380
            else 365 * {{ whole_months('starts_on', 'ends_before') }}
                + 12 * greatest(
                    {{ days_between(
                        add_months('starts_on', whole_months('starts_on', 'ends_before')),
                        'ends_before'
                    ) }},
                    0
                )
        end as term_parts
    from joined

),

priced as (

    select
        order_item_id,
        cast(selling_price_percent as decimal(28, 10)) as selling_price_percent,
        cast(usage_price as decimal(28, 10)) as usage_price,
        cast(unprorated_price as decimal(28, 10)) as unprorated_price,
        -- In millionths of a unit of the currency, rounded once.
        cast(
            {{ rounded_quotient(
                wide_integer('round(unit_price * 1000000, 0)')
                ~ ' * cast(quantity * 10000 as bigint) * cast(term_parts as bigint)',
                '43800000'
            ) }} as decimal(28, 0)
        ) * cast(0.000001 as decimal(7, 6)) as selling_price
    from termed

),

final as (

    select
        order_item_id,
        selling_price_percent,
        usage_price,
        unprorated_price,
        cast(selling_price as decimal(28, 10)) as selling_price
    from priced

)

select * from final
