-- Grain: one row per contract line x reason code that is expected to clear x span of accounting
-- periods, as in int_chain_reason_spans. A level ramp clears over all lines of its contract, which
-- change in periods of their own: its spans are cut into single periods.
with

reason_spans as (

    select * from {{ ref('int_chain_reason_spans') }}
    where is_clearing

),

ramp_spans as (

    select * from reason_spans
    where reason_code = 'ramp_straight_line'

),

ramp_periods as (

    {{ span_periods('ramp_spans', ['movement_txn_minor', 'movement_rpt_minor']) }}

),

final as (

    select * from reason_spans
    where reason_code != 'ramp_straight_line'

    union all by name

    select
        *,
        period_no as last_period_no
    from ramp_periods

)

select * from final
