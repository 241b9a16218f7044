-- Grain: one row per segment x accounting period in which it earns: the line-period schedule. A
-- period is the difference of two cumulative amounts, each rounded once, so periods sum to the
-- segment, and any one can be computed alone (docs/decisions/0003). Exact days, the common case,
-- need no more than the days of a period; any other proration is computed in
-- int_revenue_prorated_postings.
with

segments as (

    select * from {{ ref('int_revenue_segments') }}
    where is_exact_days and stops_on > counted_on and amount_minor != 0

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

segment_periods as (

    {{ explode_integers('segments', 'first_period_no', 'last_period_no', 'period_no') }}

),

spread as (

    select
        segment_periods.contract_key,
        segment_periods.line_key,
        segment_periods.step_no,
        segment_periods.amount_minor,
        segment_periods.term_days,
        segment_periods.period_no,
        least(accounting_periods.ends_on, segment_periods.serves_until) as service_on,
        {{ days_between(
            'segment_periods.starts_on',
            'least(accounting_periods.ends_on, segment_periods.stops_on)'
        ) }} + 1 as elapsed_days,
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
            {{ rounded_quotient('amount_minor * elapsed_days', 'term_days') }}
            - {{ rounded_quotient('amount_minor * days_before', 'term_days') }}
            as bigint
        ) as amount_minor
    from spread

)

select * from final

union all

select * from {{ ref('int_revenue_prorated_postings') }}
