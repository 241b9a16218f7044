-- Grain: one row per customer, with the customer its ARR counts for: itself, or the top of its
-- family (var arr_customer_level). An account in a circle of parents counts for itself.
with recursive

customers as (

    select * from {{ ref('dim_customer') }}

),

tops as (

    select
        customers.customer_id,
        customers.customer_id as top_customer_id
    from customers
    left join customers as parents
        on customers.parent_customer_id = parents.customer_id
    where parents.customer_id is null

),

families as (

    select
        customer_id,
        top_customer_id
    from tops

    union all

    select
        customers.customer_id,
        families.top_customer_id
    from families
    inner join customers
        on families.customer_id = customers.parent_customer_id

),

final as (

    select
        customers.customer_id,
        case '{{ var("arr_customer_level") }}'
            when 'customer' then customers.customer_id
            when 'ultimate_parent' then coalesce(families.top_customer_id, customers.customer_id)
        end as arr_customer_id
    from customers
    left join families
        on customers.customer_id = families.customer_id

)

select * from final
