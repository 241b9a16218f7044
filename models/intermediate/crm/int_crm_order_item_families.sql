-- Grain: one row per CRM order product that counts, with the root of its family.
-- An amendment revises the order product before it, so a family is a chain: its members add up.
with recursive

order_items as (

    select * from {{ ref('stg_salesforce__order_items') }}
    where not is_deleted

),

anchored as (

    -- A product that revises a record which is gone starts a family of its own: nothing is lost.
    select
        order_items.order_item_id,
        revised.order_item_id as revised_order_item_id
    from order_items
    left join order_items as revised
        on order_items.revised_order_item_id = revised.order_item_id

),

families as (

    select
        order_item_id,
        order_item_id as root_order_item_id,
        1 as generation_no
    from anchored
    where revised_order_item_id is null

    union all

    select
        anchored.order_item_id,
        families.root_order_item_id,
        families.generation_no + 1 as generation_no
    from families
    inner join anchored
        on families.order_item_id = anchored.revised_order_item_id

)

select * from families
