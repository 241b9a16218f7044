-- Grain: one row per contract line x span of accounting periods (int_chain_spans) x reason code
-- that is not zero, or that is a break whatever it is worth (macro chain_flagged_codes).
-- amount: cumulative to the period end; movement: what the first period of the span changed. A
-- reason that cleared has a row with amount 0 and the movement that cleared it; it stands no
-- longer. is_clearing: it is expected to clear (macro chain_clearing_codes).
with

differences as (

    select * from {{ ref('int_chain_differences') }}

),

spans as (

    select * from {{ ref('int_chain_spans') }}

),

by_code as (

    select
        currency_scope,
        contract_line_id,
        period_no,
        last_period_no,
        {{ chain_flagged_codes().values() | join(', ') }},
        reason_code,
        amount_minor
    from differences
    unpivot (
        amount_minor for reason_code in ({{ chain_codes() | map(attribute='code') | join(', ') }})
    )

),

flagged as (

    select
        *,
        case reason_code
            {% for code, fact in chain_flagged_codes().items() -%}
                when '{{ code }}' then {{ fact }}
            {% endfor -%}
            else false
        end as is_flagged
    from by_code

),

non_zero as (

    select * from flagged
    where amount_minor != 0 or is_flagged

),

ends as (

    -- What is no longer there in the next span was moved away by it; after the last there is none.
    select
        *,
        unnest([1, -1]) as direction
    from non_zero

),

movements as (

    select
        currency_scope,
        contract_line_id,
        case direction when 1 then period_no else last_period_no + 1 end as period_no,
        reason_code,
        case direction when 1 then amount_minor else 0 end as amount_minor,
        direction * amount_minor as movement_minor,
        direction = 1 and is_flagged as is_flagged
    from ends

),

summed as (

    select
        contract_line_id,
        period_no,
        reason_code,
        cast(coalesce(sum(amount_minor) filter (where currency_scope = 'txn'), 0) as bigint)
            as amount_txn_minor,
        cast(coalesce(sum(movement_minor) filter (where currency_scope = 'txn'), 0) as bigint)
            as movement_txn_minor,
        cast(coalesce(sum(amount_minor) filter (where currency_scope = 'rpt'), 0) as bigint)
            as amount_rpt_minor,
        cast(coalesce(sum(movement_minor) filter (where currency_scope = 'rpt'), 0) as bigint)
            as movement_rpt_minor,
        bool_or(is_flagged) as is_flagged
    from movements
    group by contract_line_id, period_no, reason_code

),

judged as (

    select
        * exclude (is_flagged),
        is_flagged or amount_txn_minor != 0 or amount_rpt_minor != 0 as is_standing,
        case reason_code
            {% for code in chain_clearing_codes() -%}
                when '{{ code }}' then true
            {% endfor -%}
            else false
        end as is_clearing
    from summed

),

final as (

    select
        judged.*,
        -- What cleared is shown once.
        case when judged.is_standing then spans.last_period_no else judged.period_no end
            as last_period_no
    from judged
    inner join spans
        on
        judged.contract_line_id = spans.contract_line_id
        and judged.period_no = spans.period_no

)

select * from final
where is_standing or movement_txn_minor != 0 or movement_rpt_minor != 0
