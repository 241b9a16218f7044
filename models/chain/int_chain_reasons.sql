-- Grain: one row per contract line x accounting period x reason code that stands in it, or cleared
-- in it. The amounts of int_chain_reason_spans in each period of the span; what moved is in the
-- first.
with

reason_spans as (

    select * from {{ ref('int_chain_clearing') }}

    union all by name

    select * from {{ ref('int_chain_reason_spans') }}
    where not is_clearing

),

by_period as (

    {{ span_periods('reason_spans', ['movement_txn_minor', 'movement_rpt_minor']) }}

),

final as (

    select
        * exclude (cleared_period_no),
        -- What is zero all the span is so in each of its periods.
        case when cleared_period_no < period_no then period_no else cleared_period_no end
            as cleared_period_no
    from by_period

)

select * from final
