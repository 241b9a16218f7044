-- Grain: one row per contract line version x accounting period in which anything of it is earned,
-- used, planned or posted, and its first period: that of its first fact. Minor units of the order.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

postings as (

    select * from {{ ref('int_chain_postings') }}

),

schedule as (

    select * from {{ ref('int_chain_schedule') }}

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

first_periods as (

    select
        chain_versions.contract_line_version_id,
        min(accounting_periods.period_no) as period_no
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
    group by chain_versions.contract_line_version_id

),

changes as (

    select
        contract_line_version_id,
        period_no
    from first_periods

    union all by name

    -- What was earned before the first period counts in it.
    select
        schedule.contract_line_version_id,
        greatest(schedule.period_no, first_periods.period_no) as period_no,
        case schedule.view_name when 'synced' then schedule.earned_minor end as earned_minor,
        case schedule.view_name when 'dated' then schedule.earned_minor end as dated_minor,
        case schedule.view_name when 'ruled' then schedule.earned_minor end as ruled_minor,
        case schedule.view_name when 'erp' then schedule.earned_minor end as erp_earned_minor,
        case schedule.view_name when 'contract' then schedule.charged_minor end as charged_minor,
        case schedule.view_name when 'synced' then schedule.charged_minor end
            as erp_charged_minor,
        case schedule.view_name when 'synced' then schedule.used_quantity end as used_quantity
    from schedule
    inner join first_periods
        on schedule.contract_line_version_id = first_periods.contract_line_version_id

    union all by name

    select
        contract_line_version_id,
        period_no,
        held_minor,
        catch_up_minor,
        lag_minor,
        due_rows,
        posted_minor,
        posted_fn_minor as posted_rpt_minor,
        manual_minor,
        manual_fn_minor as manual_rpt_minor
    from postings

),

summed as (

    select
        {% for name in chain_running_sums() -%}
            coalesce(sum({{ name }}), 0) as {{ name }},
        {% endfor -%}
        contract_line_version_id,
        period_no
    from changes
    group by contract_line_version_id, period_no

)

select * from summed
