-- Grain: one row per contract line x reason code that is expected to clear (macro
-- chain_clearing_codes) x span of accounting periods, as in int_chain_reason_spans. A level ramp
-- clears over all lines of its contract, which change in periods of their own: its spans are cut
-- into single periods.
with

reason_spans as (

    select * from {{ ref('int_chain_reason_spans') }}
    where reason_code in (
            {% for code in chain_clearing_codes() -%}
                '{{ code }}'{{ ',' if not loop.last }}
            {% endfor %}
        )

),

ramp_spans as (

    select * from reason_spans
    where reason_code = 'ramp_straight_line'

),

ramp_periods as (

    {{ explode_integers('ramp_spans', 'period_no', 'last_period_no', 'shown_period_no') }}

),

final as (

    select * from reason_spans
    where reason_code != 'ramp_straight_line'

    union all by name

    select
        contract_line_id,
        reason_code,
        shown_period_no as period_no,
        shown_period_no as last_period_no,
        amount_txn_minor,
        case when shown_period_no = period_no then movement_txn_minor else 0 end
            as movement_txn_minor,
        amount_rpt_minor,
        case when shown_period_no = period_no then movement_rpt_minor else 0 end
            as movement_rpt_minor,
        is_standing
    from ramp_periods

)

select * from final
