-- Fails on a source amount that is finer than its currency's minor unit: rounding it in silence
-- would open a difference no system shows.
select
    'salesforce' as source_name,
    order_items.order_item_id as record_id,
    order_items.total_price as amount
from {{ ref('stg_salesforce__order_items') }} as order_items
left join {{ ref('currencies') }} as currencies
    on order_items.currency_code = currencies.currency_code
where
    not order_items.is_deleted
    and (
        order_items.total_price * currencies.minor_units_per_major
        = round(order_items.total_price * currencies.minor_units_per_major, 0)
    ) is not true

union all

select
    'netsuite' as source_name,
    transaction_lines.transaction_line_key as record_id,
    transaction_lines.foreign_amount as amount
from {{ ref('stg_netsuite__transaction_lines') }} as transaction_lines
inner join {{ ref('fct_contract_lines') }} as contract_lines
    on
    transaction_lines.transaction_line_key = contract_lines.record_id
    and contract_lines.witness = 'erp'
inner join {{ ref('currencies') }} as currencies
    on contract_lines.currency_code = currencies.currency_code
where
    (
        transaction_lines.foreign_amount * currencies.minor_units_per_major
        = round(transaction_lines.foreign_amount * currencies.minor_units_per_major, 0)
    ) is not true

union all

select
    'netsuite' as source_name,
    planned_revenue.planned_revenue_id as record_id,
    planned_revenue.amount
from {{ ref('stg_netsuite__planned_revenue') }} as planned_revenue
inner join {{ ref('stg_netsuite__revenue_plans') }} as revenue_plans
    on planned_revenue.revenue_plan_id = revenue_plans.revenue_plan_id
left join {{ ref('currencies') }} as currencies
    on revenue_plans.currency_code = currencies.currency_code
where
    not planned_revenue.is_deleted
    and not revenue_plans.is_deleted
    and (
        planned_revenue.amount * currencies.minor_units_per_major
        = round(planned_revenue.amount * currencies.minor_units_per_major, 0)
    ) is not true
