-- Grain: one row per contract line x accounting period with something planned or posted.
-- prior_period: posted in this period for an earlier one.
with

record_postings as (

    select * from {{ ref('int_chain_record_postings') }}

),

summed as (

    select
        contract_line_id,
        period_no,
        cast(sum(due_minor) as bigint) as planned_minor,
        cast(sum(posted_minor) as bigint) as posted_minor,
        cast(sum(prior_period_minor) as bigint) as prior_period_minor,
        cast(sum(posted_fn_minor) as bigint) as posted_fn_minor
    from record_postings
    group by contract_line_id, period_no
    having bool_or(
            due_minor != 0 or settled_minor != 0 or posted_minor != 0 or posted_fn_minor != 0
            or due_rows != 0
        )

)

select * from summed
