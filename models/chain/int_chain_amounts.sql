-- Grain: one row per contract line version x accounting period up to the reporting period.
-- The steps of the chain, cumulative to the period end, contract currency, minor units. Each step
-- is computed on its own; a reason is the difference of two neighbours.
with

chain_versions as (

    select * from {{ ref('int_chain_versions') }}

),

postings as (

    select * from {{ ref('int_chain_postings') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_begun

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
        chain_versions.*,
        accounting_periods.period_no,
        accounting_periods.ends_on as period_ends_on,
        coalesce(chain_versions.erp_known_on <= accounting_periods.ends_on, false) as is_erp_known,
        coalesce(chain_versions.handed_on <= accounting_periods.ends_on, false) as is_handed_over
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

accumulated as (

    select
        gridded.*,
        cast(
            sum(coalesce(postings.due_minor - postings.settled_minor, 0)) over running as bigint
        ) as unposted_minor,
        cast(sum(coalesce(postings.posted_minor, 0)) over running as bigint) as posted_minor,
        cast(sum(coalesce(postings.posted_fn_minor, 0)) over running as bigint)
            as posted_rpt_minor
    from gridded
    left join postings
        on
        gridded.contract_line_version_id = postings.contract_line_version_id
        and gridded.period_no = postings.period_no
    window
        running as (
            partition by gridded.contract_line_version_id
            order by gridded.period_no
            rows between unbounded preceding and current row
        )

),

stepped as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        rate_numerator,
        rate_denominator,
        crm_rpt_minor,
        crm_minor is not null as is_in_crm,
        case when booked_on <= period_ends_on then crm_minor else 0 end as booked_minor,
        case when crm_minor is not null and is_handed_over then crm_minor else 0 end
            as handed_minor,
        case
            when crm_minor is null and is_erp_known then erp_minor
            when is_handed_over and line_known_on <= period_ends_on then crm_minor
            else 0
        end as population_minor,
        case
            when not is_erp_known then 0
            else coalesce(crm_minor, erp_minor)
        end as versions_minor,
        case
            when not is_erp_known then 0
            when coalesce(crm_quantity, 0) = 0 then coalesce(crm_minor, erp_minor)
            else {{ rounded_quotient(
                wide_integer('crm_minor')
                ~ ' * cast(erp_quantity * 10000 as bigint) * sign(crm_quantity)',
                'cast(abs(crm_quantity) * 10000 as bigint)'
            ) }}
        end as quantity_minor,
        case when is_erp_known then erp_minor else 0 end as amount_minor,
        case
            when is_erp_known
                then {{ cumulative_amount(
                    'synced_amount_minor', 'synced_starts_on', 'synced_ends_on',
                    'least(period_ends_on, synced_stops_on)'
                ) }}
            else 0
        end as earned_minor,
        case
            when is_erp_known
                then {{ cumulative_amount(
                    'erp_amount_minor', 'erp_starts_on', 'erp_ends_on',
                    'least(period_ends_on, erp_stops_on)'
                ) }}
            else 0
        end as erp_earned_minor,
        unposted_minor,
        posted_minor,
        posted_rpt_minor
    from accumulated

),

final as (

    select
        contract_line_version_id,
        contract_line_id,
        change_kind,
        period_no,
        rate_numerator,
        rate_denominator,
        crm_rpt_minor,
        is_in_crm,
        booked_minor,
        handed_minor,
        population_minor,
        versions_minor,
        cast(quantity_minor as bigint) as quantity_minor,
        amount_minor,
        earned_minor,
        erp_earned_minor,
        erp_earned_minor - unposted_minor as due_minor,
        posted_minor,
        posted_rpt_minor
    from stepped

)

select * from final
