-- Grain: one row per contract line version x accounting period with something planned or posted.
-- What the ERP's plan makes due in the period, how much of all that is due was posted by then
-- (late postings count when they land), and what its ledger took in.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

chain_versions as (

    select
        contract_line_version_id,
        erp_record_id
    from {{ ref('int_chain_versions') }}
    where erp_record_id is not null

),

planned as (

    select
        record_id,
        planned_period_no as period_no,
        amount_minor as due_minor,
        1 as due_rows,
        0 as settled_minor,
        0 as posted_minor,
        0 as posted_fn_minor
    from planned_revenue

),

settled as (

    select
        record_id,
        greatest(planned_period_no, posting_period_no) as period_no,
        0 as due_minor,
        0 as due_rows,
        amount_minor as settled_minor,
        0 as posted_minor,
        0 as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

),

posted as (

    select
        record_id,
        posting_period_no as period_no,
        0 as due_minor,
        0 as due_rows,
        0 as settled_minor,
        amount_minor as posted_minor,
        amount_fn_minor as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

),

movements as (

    select * from planned

    union all

    select * from settled

    union all

    select * from posted

),

summed as (

    select
        chain_versions.contract_line_version_id,
        movements.period_no,
        cast(sum(movements.due_minor) as bigint) as due_minor,
        cast(sum(movements.due_rows) as bigint) as due_rows,
        cast(sum(movements.settled_minor) as bigint) as settled_minor,
        cast(sum(movements.posted_minor) as bigint) as posted_minor,
        cast(sum(movements.posted_fn_minor) as bigint) as posted_fn_minor
    from movements
    inner join chain_versions
        on movements.record_id = chain_versions.erp_record_id
    group by chain_versions.contract_line_version_id, movements.period_no

)

select * from summed
