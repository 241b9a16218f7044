-- Grain: one row per contract line x accounting period, from its first fact to the reporting
-- period. The totals of int_chain_total_spans in each period of the span; what moved is in the
-- first.
with

total_spans as (

    select * from {{ ref('int_chain_total_spans') }}

),

final as (

    {{ span_periods('total_spans', [
        'booked_movement_txn_minor', 'recognized_movement_txn_minor',
        'difference_movement_txn_minor', 'booked_movement_rpt_minor',
        'recognized_movement_rpt_minor', 'difference_movement_rpt_minor'
    ]) }}

)

select * from final
