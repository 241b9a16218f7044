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

in_primary_book as (

    select
        revenue_elements.revenue_element_id,
        revenue_elements.revenue_arrangement_id,
        revenue_elements.recognition_rule,
        revenue_elements.sales_amount,
        revenue_elements.allocation_amount,
        revenue_elements.created_on,
        revenue_elements.starts_on,
        revenue_elements.ends_on
    from revenue_elements
    inner join accounting_books
        on revenue_elements.accounting_book_id = accounting_books.accounting_book_id

)

select * from in_primary_book
