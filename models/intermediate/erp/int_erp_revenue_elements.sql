-- Grain: one row per revenue element of the primary accounting book.
-- Elements and plans repeat per book: without this filter revenue is multiplied.
with

revenue_elements as (

    select * from {{ ref('stg_netsuite__revenue_elements') }}

),

accounting_books as (

    select * from {{ ref('stg_netsuite__accounting_books') }}
    where is_primary

),

in_primary_book as (

    select revenue_elements.*
    from revenue_elements
    inner join accounting_books
        on revenue_elements.accounting_book_id = accounting_books.accounting_book_id

)

select * from in_primary_book
