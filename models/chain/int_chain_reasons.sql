-- Grain: one row per contract line x accounting period x reason code that stands in it, or cleared
-- in it. The amounts of int_chain_reason_spans in each period of the span; the movement is that of
-- the first.
with

reason_spans as (

    select * from {{ ref('int_chain_reason_spans') }}

),

lasting as (

    select
        * exclude (last_period_no),
        case when is_standing then last_period_no else period_no end as last_period_no
    from reason_spans

),

exploded as (

    {{ explode_integers('lasting', 'period_no', 'last_period_no', 'shown_period_no') }}

),

final as (

    select
        contract_line_id,
        shown_period_no as period_no,
        reason_code,
        amount_txn_minor,
        case when shown_period_no = period_no then movement_txn_minor else 0 end
            as movement_txn_minor,
        amount_rpt_minor,
        case when shown_period_no = period_no then movement_rpt_minor else 0 end
            as movement_rpt_minor,
        is_standing
    from exploded

)

select * from final
