-- Grain: one row per accounting period x reason code: its share of what moved, against the mean of
-- the periods before. A mix that shifts is suspicious even where everything is explained.
{% set periods = var('reason_mix_periods') %}
with

movements as (

    select
        period_no,
        reason_code,
        sum(abs(amount_movement_rpt)) as moved_rpt
    from {{ ref('fct_reconciliation_reasons') }}
    group by period_no, reason_code

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended and period_no >= (select min(movements.period_no) from movements)

),

reasons as (

    select * from {{ ref('dim_reason') }}
    where reason_code in (select movements.reason_code from movements)

),

materiality as (

    select threshold_rpt from {{ ref('int_exception_materiality') }}
    where entity_id = '*'

),

complete as (

    select
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        reasons.reason_code,
        reasons.reason_class,
        cast(coalesce(movements.moved_rpt, 0) as decimal(18, 3)) as moved_rpt
    from accounting_periods
    cross join reasons
    left join movements
        on
        accounting_periods.period_no = movements.period_no
        and reasons.reason_code = movements.reason_code

),

totals as (

    select
        *,
        sum(moved_rpt) over (partition by period_no) as total_rpt
    from complete

),

shared as (

    select
        *,
        coalesce({{ share_of('moved_rpt', 'total_rpt') }}, 0) as movement_share
    from totals

),

compared as (

    select
        *,
        count(*) over earlier_periods as periods_compared,
        sum(movement_share) over earlier_periods as share_sum
    from shared
    window earlier_periods as (
        partition by reason_code
        order by period_no
        rows between {{ periods }} preceding and 1 preceding
    )

),

measured as (

    select
        *,
        case
            when periods_compared = {{ periods }}
                then {{ share_of('share_sum', periods) }}
        end as mean_share
    from compared

),

final as (

    select
        {{ surrogate_key(['measured.period_key', 'measured.reason_code']) }} as reason_mix_id,
        measured.period_key,
        measured.period_no,
        measured.period_name,
        measured.is_reporting_period,
        measured.reason_code,
        measured.reason_class,
        measured.moved_rpt,
        cast(measured.movement_share as decimal(9, 6)) as movement_share,
        measured.mean_share,
        cast(measured.movement_share - measured.mean_share as decimal(9, 6)) as drift,
        coalesce(
            -- One share can only grow at the cost of others: the one that grew is the news.
            measured.movement_share - measured.mean_share
            >= cast('{{ var("reason_mix_drift_threshold") }}' as decimal(9, 6))
            and measured.total_rpt * (measured.movement_share - measured.mean_share)
            >= materiality.threshold_rpt,
            false
        ) as is_drift
    from measured
    cross join materiality

)

select * from final
