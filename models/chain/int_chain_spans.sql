-- Grain: one row per contract line x span of accounting periods in which nothing of any of its
-- versions changes. A span is named by its first period; the last one ends with the reporting
-- period.
with

first_periods as (

    select * from {{ ref('int_chain_first_periods') }}

),

changes as (

    select * from {{ ref('int_chain_changes') }}

),

reporting_periods as (

    select max(period_no) as period_no
    from {{ ref('dim_accounting_period') }}
    where has_ended

),

line_periods as (

    select distinct
        first_periods.contract_line_id,
        changes.period_no
    from changes
    inner join first_periods
        on changes.contract_line_version_id = first_periods.contract_line_version_id

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
