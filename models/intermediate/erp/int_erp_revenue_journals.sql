-- Grain: one row per journal that posted planned revenue rows, with how it was posted: in detail,
-- its lines naming their arrangements, or in summary, a line per account.
with

planned_revenue as (

    select distinct journal_id
    from {{ ref('int_erp_planned_revenue') }}
    where journal_id is not null and posting_period_no is not null

),

transaction_lines as (

    select * from {{ ref('stg_netsuite__transaction_lines') }}
    where not is_deleted

),

final as (

    select
        planned_revenue.journal_id,
        case
            when count(transaction_lines.created_from_transaction_id) > 0 then 'detail'
            else 'summary'
        end as posting_mode
    from planned_revenue
    left join transaction_lines
        on planned_revenue.journal_id = transaction_lines.transaction_id
    group by planned_revenue.journal_id

)

select * from final
