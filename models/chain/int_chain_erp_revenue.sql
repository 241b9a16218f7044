-- Grain: one row per contract line x accounting period with something planned or posted.
-- prior_period: posted in this period for an earlier one. posted includes manual journals.
with

record_postings as (

    select * from {{ ref('int_chain_record_postings') }}

),

with_manual_journals as (

    select
        contract_line_id,
        period_no,
        planned_minor,
        posted_minor,
        prior_period_minor,
        posted_fn_minor,
        0 as manual_minor,
        0 as manual_fn_minor
    from record_postings

    union all

    select
        contract_line_id,
        period_no,
        0 as planned_minor,
        amount_minor as posted_minor,
        0 as prior_period_minor,
        amount_fn_minor as posted_fn_minor,
        amount_minor as manual_minor,
        amount_fn_minor as manual_fn_minor
    from {{ ref('int_chain_manual_journals') }}
    where contract_line_id is not null

),

summed as (

    select
        contract_line_id,
        period_no,
        cast(sum(planned_minor) as bigint) as planned_minor,
        cast(sum(posted_minor) as bigint) as posted_minor,
        cast(sum(prior_period_minor) as bigint) as prior_period_minor,
        cast(sum(posted_fn_minor) as bigint) as posted_fn_minor,
        cast(sum(manual_minor) as bigint) as manual_minor,
        cast(sum(manual_fn_minor) as bigint) as manual_fn_minor
    from with_manual_journals
    group by contract_line_id, period_no
    having bool_or(planned_minor != 0 or posted_minor != 0 or posted_fn_minor != 0)

)

select * from summed
