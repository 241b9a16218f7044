-- Fails on an activated order whose opportunity is deleted, or not won: its booking date would be
-- that of a deal that was not made. Correct the opportunity or deactivate the order.
select
    orders.order_id,
    orders.order_number,
    orders.opportunity_id,
    opportunities.stage_name
from {{ ref('stg_salesforce__orders') }} as orders
left join {{ ref('stg_salesforce__opportunities') }} as opportunities
    on orders.opportunity_id = opportunities.opportunity_id and not opportunities.is_deleted
where
    not orders.is_deleted
    and orders.status_code = 'Activated'
    and orders.opportunity_id is not null
    and opportunities.is_won is not true
