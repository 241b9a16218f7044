-- Grain: one row per contract line version x accounting period with something planned or posted.
-- What the ERP's plan makes due in the period, how much of all that is due was posted by then
-- (late postings count when they land), and what its ledger took in.
with

record_postings as (

    select * from {{ ref('int_chain_record_postings') }}

),

summed as (

    select
        contract_line_version_id,
        period_no,
        cast(sum(due_minor) as bigint) as due_minor,
        cast(sum(due_rows) as bigint) as due_rows,
        cast(sum(settled_minor) as bigint) as settled_minor,
        cast(sum(posted_minor) as bigint) as posted_minor,
        cast(sum(posted_fn_minor) as bigint) as posted_fn_minor
    from record_postings
    group by contract_line_version_id, period_no

)

select * from summed
