-- Grain: one row per contract line version x accounting period with something planned or posted.
-- What began and ceased to wait in the period (held, due in a later period because its own was
-- closed, late), how many plan rows were due, and what the ledger took in, by plan and by manual
-- journal.
with

record_postings as (

    select * from {{ ref('int_chain_record_postings') }}

),

with_manual_journals as (

    select
        contract_line_version_id,
        period_no,
        due_rows,
        held_minor,
        catch_up_minor,
        lag_minor,
        posted_minor,
        posted_fn_minor,
        0 as manual_minor,
        0 as manual_fn_minor
    from record_postings

    union all

    select
        contract_line_version_id,
        period_no,
        0 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        0 as posted_minor,
        0 as posted_fn_minor,
        amount_minor as manual_minor,
        amount_fn_minor as manual_fn_minor
    from {{ ref('int_chain_manual_journals') }}
    where contract_line_version_id is not null

),

summed as (

    select
        contract_line_version_id,
        period_no,
        cast(sum(due_rows) as bigint) as due_rows,
        cast(sum(held_minor) as bigint) as held_minor,
        cast(sum(catch_up_minor) as bigint) as catch_up_minor,
        cast(sum(lag_minor) as bigint) as lag_minor,
        cast(sum(posted_minor) as bigint) as posted_minor,
        cast(sum(posted_fn_minor) as bigint) as posted_fn_minor,
        cast(sum(manual_minor) as bigint) as manual_minor,
        cast(sum(manual_fn_minor) as bigint) as manual_fn_minor
    from with_manual_journals
    group by contract_line_version_id, period_no

)

select * from summed
