-- Grain: one row per contract line x accounting period with something planned or posted.
-- prior_period: posted in this period for an earlier one. posted includes manual journals. Minor
-- units of the line's currency (int_chain_line_currencies).
with

record_postings as (

    select * from {{ ref('int_chain_record_postings') }}

),

manual_journals as (

    select * from {{ ref('int_chain_manual_journals') }}
    where contract_line_version_id is not null

),

chain_versions as (

    select
        contract_line_version_id,
        erp_scale
    from {{ ref('int_chain_scoped_versions') }}

),

with_manual_journals as (

    select
        contract_line_version_id,
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
        contract_line_version_id,
        contract_line_id,
        period_no,
        0 as planned_minor,
        amount_minor as posted_minor,
        0 as prior_period_minor,
        amount_fn_minor as posted_fn_minor,
        amount_minor as manual_minor,
        amount_fn_minor as manual_fn_minor
    from manual_journals

),

scaled as (

    select
        with_manual_journals.* replace (
            with_manual_journals.planned_minor * chain_versions.erp_scale as planned_minor,
            with_manual_journals.posted_minor * chain_versions.erp_scale as posted_minor,
            with_manual_journals.prior_period_minor * chain_versions.erp_scale
                as prior_period_minor,
            with_manual_journals.manual_minor * chain_versions.erp_scale as manual_minor
        )
    from with_manual_journals
    inner join chain_versions
        on with_manual_journals.contract_line_version_id = chain_versions.contract_line_version_id

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
    from scaled
    group by contract_line_id, period_no
    having bool_or(planned_minor != 0 or posted_minor != 0 or posted_fn_minor != 0)

)

select * from summed
