-- Grain: one row per segment that is not spread by exact days x accounting period in which it
-- earns.
with

segments as (

    select * from {{ ref('int_revenue_segments') }}
    where not is_exact_days and stops_on > counted_on and amount_minor != 0

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

segment_periods as (

    {{ explode_integers('segments', 'first_period_no', 'last_period_no', 'period_no') }}

),

rounded_terms as (

    select * from {{ ref('int_revenue_rounded_terms') }}

),

spread as (

    select
        segment_periods.*,
        rounded_terms.through_minor as rounded_through_minor,
        rounded_terms.before_minor as rounded_before_minor,
        accounting_periods.ends_on as period_ends_on,
        {{ days_between('accounting_periods.starts_on', 'accounting_periods.ends_on') }} + 1
            as period_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, segment_periods.starts_on)',
            'least(accounting_periods.ends_on, segment_periods.ends_on)'
        ) }} + 1 as served_days,
        {{ days_between(
            'greatest(accounting_periods.starts_on, segment_periods.starts_on)',
            'least(accounting_periods.ends_on, segment_periods.stops_on)'
        ) }} + 1 as through_days,
        {{ days_between(
            'segment_periods.starts_on',
            'least(accounting_periods.ends_on, segment_periods.stops_on)'
        ) }} + 1 as elapsed_days
    from segment_periods
    inner join accounting_periods
        on segment_periods.period_no = accounting_periods.period_no
    left join rounded_terms
        on
        segment_periods.line_key = rounded_terms.line_key
        and segment_periods.amount_minor = rounded_terms.amount_minor
        and segment_periods.starts_on = rounded_terms.starts_on
        and segment_periods.ends_on = rounded_terms.ends_on
        and segment_periods.period_no = rounded_terms.period_no
    where
        segment_periods.counted_on < accounting_periods.ends_on
        and segment_periods.stops_on >= accounting_periods.starts_on

),

earned as (

    select
        contract_key,
        line_key,
        step_no,
        period_no,
        least(period_ends_on, serves_until) as service_on,
        case
            -- What a prospective change closes is frozen by days, whatever was rounded before.
            when through_days < served_days or (is_closed and period_ends_on >= stops_on)
                then {{ earned_before('amount_minor') }}
            else coalesce(
                    rounded_through_minor, {{ whole_periods_amount('amount_minor', 'served_days') }}
                )
        end
        - coalesce(rounded_before_minor, {{ whole_periods_amount('amount_minor', '0') }})
            as amount_minor
    from spread

)

select * from earned
