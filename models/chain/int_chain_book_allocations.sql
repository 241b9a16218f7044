-- Grain: one row per contract line version that shares in the price of its contract: what its
-- standalone selling price gives it, less what it was booked at.
with

allocations as (

    select * from {{ ref('int_revenue_allocations') }}
    where modification_id is null

),

views as (

    select * from {{ ref('int_revenue_views') }}
    where view_name = 'contract' and is_allocated

),

final as (

    select
        views.contract_line_version_id,
        allocations.amount_minor as allocated_minor,
        allocations.amount_minor - views.amount_minor as shifted_minor
    from views
    inner join allocations
        on views.line_key = allocations.line_key

)

select * from final
