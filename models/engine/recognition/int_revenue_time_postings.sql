-- Grain: one row per segment x accounting period in which it earns: the line-period schedule. A
-- period is the difference of two cumulative amounts, each rounded once, so periods sum to the
-- segment, and any one can be computed alone (docs/decisions/0003).
with

segments as (

    select * from {{ ref('int_revenue_segments') }}
    where stops_on > counted_on and amount_minor != 0

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

spread as (

    select
        segments.contract_key,
        segments.line_key,
        segments.step_no,
        segments.amount_minor,
        segments.proration,
        segments.day_boundary,
        segments.schedule_residual,
        segments.serves_until,
        segments.term_days,
        segments.first_period_no,
        segments.last_period_no,
        segments.first_days,
        segments.first_period_days,
        segments.last_days,
        segments.last_period_days,
        accounting_periods.period_no,
        accounting_periods.ends_on as period_ends_on,
        {{ days_between('accounting_periods.starts_on', 'accounting_periods.ends_on') }} + 1
            as period_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, segments.starts_on)',
            'least(accounting_periods.ends_on, segments.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, segments.starts_on)',
            'least(accounting_periods.ends_on, segments.stops_on)'
        ) }} + 1 as through_days,
        {{ days_between(
            'segments.starts_on', 'least(accounting_periods.ends_on, segments.stops_on)'
        ) }} + 1 as elapsed_days
    from segments
    inner join accounting_periods
        on
        segments.counted_on < accounting_periods.ends_on
        and segments.stops_on >= accounting_periods.starts_on

),

earned as (

    select
        contract_key,
        line_key,
        step_no,
        period_no,
        least(period_ends_on, serves_until) as service_on,
        case
            when through_days < served_days then {{ earned_before('amount_minor') }}
            else {{ whole_periods_amount('amount_minor', 'served_days') }}
        end
        - {{ whole_periods_amount('amount_minor', '0') }} as amount_minor
    from spread

)

select * from earned
