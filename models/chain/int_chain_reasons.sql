-- Grain: one row per contract line x accounting period x reason code that is not zero, or that is
-- a break whatever it is worth (macro chain_flagged_codes).
-- amount: cumulative to the period end; movement: what the period changed. A reason that cleared
-- has a row with amount 0 and the movement that cleared it; it stands no longer.
with

differences as (

    select * from {{ ref('int_chain_differences') }}

),

reporting_periods as (

    select max(period_no) as period_no
    from {{ ref('dim_accounting_period') }}
    where has_ended

),

by_code as (

    select
        currency_scope,
        contract_line_id,
        period_no,
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

movements as (

    select
        currency_scope,
        contract_line_id,
        period_no,
        reason_code,
        amount_minor,
        amount_minor as movement_minor,
        is_flagged
    from non_zero

    union all

    select
        non_zero.currency_scope,
        non_zero.contract_line_id,
        non_zero.period_no + 1 as period_no,
        non_zero.reason_code,
        0 as amount_minor,
        -non_zero.amount_minor as movement_minor,
        false as is_flagged
    from non_zero
    inner join reporting_periods
        on non_zero.period_no < reporting_periods.period_no

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

final as (

    select
        * exclude (is_flagged),
        is_flagged or amount_txn_minor != 0 or amount_rpt_minor != 0 as is_standing
    from summed

)

select * from final
where is_standing or movement_txn_minor != 0 or movement_rpt_minor != 0
