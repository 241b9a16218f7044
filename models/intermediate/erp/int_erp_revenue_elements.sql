-- Grain: one row per revenue element of the primary accounting book.
-- Elements and plans repeat per book: without this filter revenue is multiplied.
with

revenue_elements as (

    select * from {{ ref('stg_netsuite__revenue_elements') }}
    where not is_deleted

),

accounting_books as (

    select * from {{ ref('stg_netsuite__accounting_books') }}
    where is_primary

),

arrangements as (

    select * from {{ ref('stg_netsuite__transactions') }}
    where not is_deleted

),

in_primary_book as (

    select
        revenue_elements.revenue_element_id,
        revenue_elements.revenue_arrangement_id,
        revenue_elements.recognition_rule,
        revenue_elements.sales_amount,
        revenue_elements.allocation_amount,
        revenue_elements.element_date,
        revenue_elements.starts_on,
        revenue_elements.ends_on,
        -- Nobody could recognize it before it was in the books, whatever the date on the order.
        coalesce(
            greatest(cast(arrangements.created_at as date), revenue_elements.element_date),
            revenue_elements.element_date
        ) as entered_on
    from revenue_elements
    inner join accounting_books
        on revenue_elements.accounting_book_id = accounting_books.accounting_book_id
    left join arrangements
        on revenue_elements.revenue_arrangement_id = arrangements.transaction_id

)

select * from in_primary_book
