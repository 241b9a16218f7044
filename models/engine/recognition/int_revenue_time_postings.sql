-- Grain: one row per segment x accounting period in which it earns: the line-period schedule. A
-- period is the difference of two cumulative amounts, each rounded once, so periods sum to the segment,
-- and any one can be computed alone (docs/decisions/0003). Exact days, the common case, need no more
-- than the days of a period; any other proration is computed in int_revenue_prorated_postings.
with

segments as (

    -- Rounding half away from zero: (2 x amount x days + term) / (2 x term), cut toward zero.
    select
        contract_key,
        line_key,
        step_no,
        starts_on,
        counted_on,
        stops_on,
        serves_until,
        first_period_no,
        last_period_no,
        2 * amount_minor as doubled_minor,
        sign(amount_minor) * term_days as half_minor,
        2 * term_days as doubled_days
    from {{ ref('int_revenue_segments') }}
    where is_exact_days and stops_on > counted_on and amount_minor != 0

),

segment_periods as (

    {{ explode_integers('segments', 'first_period_no', 'last_period_no', 'period_no') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

spread as (

    select
        segment_periods.contract_key,
        segment_periods.line_key,
        segment_periods.step_no,
        segment_periods.doubled_minor,
        segment_periods.half_minor,
        segment_periods.doubled_days,
        segment_periods.period_no,
        least(accounting_periods.ends_on, segment_periods.serves_until) as service_on,
        {{ days_between(
            'segment_periods.starts_on',
            'least(accounting_periods.ends_on, segment_periods.stops_on)'
        ) }} + 1 as days_through,
        greatest(
            {{ days_between('segment_periods.starts_on', 'accounting_periods.starts_on') }}, 0
        ) as days_before
    from segment_periods
    inner join accounting_periods
        on segment_periods.period_no = accounting_periods.period_no
    where
        segment_periods.counted_on < accounting_periods.ends_on
        and segment_periods.stops_on >= accounting_periods.starts_on

),

final as (

    select
        contract_key,
        line_key,
        step_no,
        period_no,
        service_on,
        cast(
            {{ divide_integers('doubled_minor * days_through + half_minor', 'doubled_days') }}
            - {{ divide_integers('doubled_minor * days_before + half_minor', 'doubled_days') }}
            as bigint
        ) as amount_minor
    from spread

)

select * from final

union all

select * from {{ ref('int_revenue_prorated_postings') }}
