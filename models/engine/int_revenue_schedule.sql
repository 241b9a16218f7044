-- Grain: one row per contract line x accounting period in which the contract's terms earn revenue.
-- A period is the difference of two cumulative amounts, each rounded once: periods always sum to
-- the segment, and any one can be computed alone.
with

segments as (

    select * from {{ ref('int_revenue_segments') }}
    where view_name = 'contract'

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

spread as (

    select
        segments.contract_line_id,
        segments.contract_line_version_id,
        accounting_periods.period_no,
        {{ cumulative_amount(
            'segments.amount_minor', 'segments.starts_on', 'segments.ends_on',
            'least(accounting_periods.ends_on, segments.stops_on)'
        ) }}
        - {{ cumulative_amount(
            'segments.amount_minor', 'segments.starts_on', 'segments.ends_on',
            'least(' ~ add_days('accounting_periods.starts_on', '-1') ~ ', segments.stops_on)'
        ) }} as expected_minor
    from segments
    inner join accounting_periods
        on
        segments.starts_on <= accounting_periods.ends_on
        and segments.stops_on >= accounting_periods.starts_on

),

summed as (

    select
        contract_line_id,
        period_no,
        cast(sum(expected_minor) as bigint) as expected_minor
    from spread
    group by contract_line_id, period_no

)

select * from summed
