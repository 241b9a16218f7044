-- Grain: one row per activated order product, with the deal it belongs to and its policy.
with

order_items as (

    select * from {{ ref('stg_salesforce__order_items') }}

),

orders as (

    select * from {{ ref('stg_salesforce__orders') }}
    where not is_deleted and status_code = 'Activated'

),

opportunities as (

    select * from {{ ref('stg_salesforce__opportunities') }}
    where not is_deleted

),

products as (

    select * from {{ ref('stg_salesforce__products') }}

),

quote_lines as (

    select * from {{ ref('stg_salesforce__quote_lines') }}

),

families as (

    select * from {{ ref('int_crm_order_item_families') }}

),

policies as (

    select * from {{ ref('recognition_policies') }}
    where witness = 'crm'

),

currencies as (

    select * from {{ ref('currencies') }}

),

joined as (

    select
        order_items.order_item_id as record_id,
        families.root_order_item_id as line_record_id,
        orders.order_id as header_record_id,
        orders.opportunity_id as opportunity_record_id,
        order_items.quote_line_id as quote_line_record_id,
        coalesce(order_items.contract_id, orders.contract_id) as contract_id,
        orders.account_id as customer_record_id,
        order_items.product_id as product_record_id,
        opportunities.renewed_contract_id as renewed_contract_record_id,
        case
            when orders.order_type = 'Amendment' then 'amendment'
            when opportunities.is_renewal then 'renewal'
            else 'new'
        end as deal_kind,
        families.generation_no,
        order_items.contract_action,
        order_items.revised_order_item_id as revised_record_id,
        order_items.segment_key as ramp_group,
        order_items.currency_code,
        order_items.quantity,
        {{ minor_units('order_items.total_price', 'currencies.minor_units_per_major') }}
            as amount_minor,
        policies.recognition_pattern,
        policies.proration,
        policies.price_proration,
        policies.allocation,
        policies.selling_price_group,
        coalesce(opportunities.close_date, orders.effective_on) as known_on,
        order_items.starts_on,
        case policies.recognition_pattern
            when 'point_in_time' then coalesce(order_items.ends_on, order_items.starts_on)
            else order_items.ends_on
        end as ends_on,
        order_items.load_id
    from order_items
    inner join orders
        on order_items.order_id = orders.order_id
    inner join families
        on order_items.order_item_id = families.order_item_id
    left join opportunities
        on orders.opportunity_id = opportunities.opportunity_id
    left join products
        on order_items.product_id = products.product_id
    left join quote_lines
        on order_items.quote_line_id = quote_lines.quote_line_id
    -- A product family with a policy of its own follows that, any other its charge type.
    left join policies as family_policies
        on products.product_family = family_policies.source_value
    left join policies
        on policies.source_value = case
            when quote_lines.is_optional then 'Optional'
            else coalesce(family_policies.source_value, products.charge_type)
        end
    left join currencies
        on order_items.currency_code = currencies.currency_code

)

select * from joined
