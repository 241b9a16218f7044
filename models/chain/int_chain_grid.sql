-- Grain: one row per contract line version x accounting period, from its first fact to the
-- reporting period: what each system knew at the period end, and what was due and posted by then.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

postings as (

    select * from {{ ref('int_chain_postings') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

first_postings as (

    select
        contract_line_version_id,
        min(period_no) as period_no
    from postings
    group by contract_line_version_id

),

gridded as (

    select
        chain_versions.contract_line_version_id,
        chain_versions.erp_scale,
        chain_versions.crm_scale,
        accounting_periods.period_no,
        accounting_periods.ends_on as period_ends_on
    from chain_versions
    left join first_postings
        on chain_versions.contract_line_version_id = first_postings.contract_line_version_id
    inner join accounting_periods
        on
        accounting_periods.ends_on >= least(
            coalesce(chain_versions.booked_on, chain_versions.erp_known_on),
            coalesce(chain_versions.erp_known_on, chain_versions.booked_on)
        )
        or first_postings.period_no <= accounting_periods.period_no

),

first_periods as (

    select
        contract_line_version_id,
        min(period_no) as period_no
    from gridded
    group by contract_line_version_id

),

earned as (

    -- What was earned before the first period of the grid counts in it.
    select
        schedule.contract_line_version_id,
        greatest(schedule.period_no, first_periods.period_no) as period_no,
        sum(case schedule.view_name when 'synced' then schedule.earned_minor else 0 end)
            as synced_minor,
        sum(case schedule.view_name when 'dated' then schedule.earned_minor else 0 end)
            as dated_minor,
        sum(case schedule.view_name when 'ruled' then schedule.earned_minor else 0 end)
            as ruled_minor,
        sum(case schedule.view_name when 'erp' then schedule.earned_minor else 0 end)
            as erp_minor,
        sum(case schedule.view_name when 'contract' then schedule.charged_minor else 0 end)
            as charged_minor,
        sum(case schedule.view_name when 'synced' then schedule.charged_minor else 0 end)
            as erp_charged_minor,
        sum(case schedule.view_name when 'synced' then schedule.used_quantity else 0 end)
            as used_quantity
    from {{ ref('int_chain_schedule') }} as schedule
    inner join first_periods
        on schedule.contract_line_version_id = first_periods.contract_line_version_id
    group by
        schedule.contract_line_version_id,
        greatest(schedule.period_no, first_periods.period_no)

),

accumulated as (

    select
        gridded.contract_line_version_id,
        gridded.period_no,
        gridded.period_ends_on,
        cast(gridded.erp_scale * sum(coalesce(earned.synced_minor, 0)) over running as bigint)
            as earned_minor,
        cast(gridded.erp_scale * sum(coalesce(earned.dated_minor, 0)) over running as bigint)
            as dated_minor,
        cast(gridded.erp_scale * sum(coalesce(earned.ruled_minor, 0)) over running as bigint)
            as ruled_minor,
        cast(gridded.erp_scale * sum(coalesce(earned.erp_minor, 0)) over running as bigint)
            as erp_earned_minor,
        cast(gridded.crm_scale * sum(coalesce(earned.charged_minor, 0)) over running as bigint)
            as charged_minor,
        cast(gridded.erp_scale * sum(coalesce(earned.erp_charged_minor, 0)) over running as bigint)
            as erp_charged_minor,
        cast(sum(coalesce(earned.used_quantity, 0)) over running as decimal(28, 4))
            as used_quantity,
        cast(gridded.erp_scale * sum(coalesce(postings.held_minor, 0)) over running as bigint)
            as held_minor,
        cast(gridded.erp_scale * sum(coalesce(postings.catch_up_minor, 0)) over running as bigint)
            as catch_up_minor,
        cast(gridded.erp_scale * sum(coalesce(postings.lag_minor, 0)) over running as bigint)
            as lag_minor,
        cast(sum(coalesce(postings.due_rows, 0)) over running as bigint) as due_rows,
        cast(gridded.erp_scale * sum(coalesce(postings.posted_minor, 0)) over running as bigint)
            as posted_minor,
        cast(sum(coalesce(postings.posted_fn_minor, 0)) over running as bigint)
            as posted_rpt_minor,
        cast(gridded.erp_scale * sum(coalesce(postings.manual_minor, 0)) over running as bigint)
            as manual_minor,
        cast(sum(coalesce(postings.manual_fn_minor, 0)) over running as bigint)
            as manual_rpt_minor
    from gridded
    left join postings
        on
        gridded.contract_line_version_id = postings.contract_line_version_id
        and gridded.period_no = postings.period_no
    left join earned
        on
        gridded.contract_line_version_id = earned.contract_line_version_id
        and gridded.period_no = earned.period_no
    window
        running as (
            partition by gridded.contract_line_version_id
            order by gridded.period_no
            rows between unbounded preceding and current row
        )

),

final as (

    -- The many facts of a version are joined last: what is sorted above stays narrow.
    select
        chain_versions.*,
        accumulated.* exclude (contract_line_version_id),  -- noqa: RF02
        coalesce(chain_versions.erp_known_on <= accumulated.period_ends_on, false) as is_erp_known,
        chain_versions.is_other_product
        and coalesce(chain_versions.erp_known_on <= accumulated.period_ends_on, false)
            as is_product_mismatch,
        coalesce(chain_versions.handed_on <= accumulated.period_ends_on, false) as is_handed_over
    from accumulated
    inner join chain_versions
        on accumulated.contract_line_version_id = chain_versions.contract_line_version_id

)

select * from final
