-- Grain: one row per contract line x span of accounting periods in which nothing of any of its
-- versions changes: nothing is earned, varied, planned or posted, and no day comes from which on a
-- version is told otherwise. Named by its first period; the last one ends with the reporting
-- period.
with

chain_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

first_periods as (

    select * from {{ ref('int_chain_first_periods') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

reporting_periods as (

    select max(period_no) as period_no from accounting_periods

),

days as (

    -- All that the chain compares with the end of a period.
    select
        contract_line_version_id,
        unnest([booked_on, erp_known_on, handed_on, line_known_on, served_until]) as changes_on
    from chain_versions

),

changes as (

    select
        contract_line_version_id,
        period_no
    from first_periods

    union all

    select
        days.contract_line_version_id,
        accounting_periods.period_no
    from days
    asof inner join accounting_periods
        on days.changes_on <= accounting_periods.ends_on

    union all

    select
        contract_line_version_id,
        period_no
    from {{ ref('int_chain_changes') }}

),

line_periods as (

    select distinct
        first_periods.contract_line_id,
        greatest(changes.period_no, first_periods.period_no) as period_no
    from changes
    inner join first_periods
        on changes.contract_line_version_id = first_periods.contract_line_version_id
    inner join reporting_periods
        on changes.period_no <= reporting_periods.period_no

),

final as (

    select
        line_periods.contract_line_id,
        line_periods.period_no,
        coalesce(
            lead(line_periods.period_no) over (
                partition by line_periods.contract_line_id order by line_periods.period_no
            ) - 1,
            reporting_periods.period_no
        ) as last_period_no
    from line_periods
    cross join reporting_periods

)

select * from final
