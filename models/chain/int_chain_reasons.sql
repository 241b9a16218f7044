-- Grain: one row per contract line x accounting period x reason code that is not zero, or that is
-- a break whatever it is worth (macro chain_flagged_codes).
-- amount: cumulative to the period end; movement: what the period changed. A reason that cleared
-- has a row with amount 0 and the movement that cleared it; it stands no longer.
with

chain_lines as (

    select * from {{ ref('int_chain_lines') }}

),

reporting_periods as (

    select max(period_no) as period_no
    from {{ ref('dim_accounting_period') }}
    where has_ended

),

non_zero as (

    {% for code in chain_codes() %}
        {% if not loop.first %}
            union all
        {% endif %}
        {% set fact = chain_flagged_codes().get(code.code, 'false') %}
        select
            currency_scope,
            contract_line_id,
            period_no,
            '{{ code.code }}' as reason_code,
            {{ code.code }} as amount_minor,
            {{ fact }} as is_flagged
        from chain_lines
        where {{ code.code }} != 0 or {{ fact }}
    {% endfor %}

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
        bool_or(is_flagged or amount_minor != 0) as is_standing
    from movements
    group by contract_line_id, period_no, reason_code
    having
        bool_or(is_flagged or amount_minor != 0)
        or sum(movement_minor) filter (where currency_scope = 'txn') != 0
        or sum(movement_minor) filter (where currency_scope = 'rpt') != 0

)

select * from summed
