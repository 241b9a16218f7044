-- Grain: one row per contract line x accounting period x reason code that stands in it, or cleared
-- in it. The amounts of int_chain_reason_spans in each period of the span; the movement is that of
-- the first. is_clearing: the reason is expected to clear (int_chain_clearing).
with

reason_spans as (

    select
        *,
        true as is_clearing
    from {{ ref('int_chain_clearing') }}

    union all by name

    select
        *,
        false as is_clearing
    from {{ ref('int_chain_reason_spans') }}
    where reason_code not in (
            {% for code in chain_clearing_codes() -%}
                '{{ code }}'{{ ',' if not loop.last }}
            {% endfor %}
        )

),

exploded as (

    {{ explode_integers('reason_spans', 'period_no', 'last_period_no', 'shown_period_no') }}

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
        is_standing,
        is_clearing,
        expected_period_no,
        -- What is zero all the span is so in each of its periods.
        case
            when cleared_period_no < shown_period_no then shown_period_no else cleared_period_no
        end as cleared_period_no
    from exploded

)

select * from final
