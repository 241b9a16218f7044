-- Grain: one row per contract line x span of accounting periods in which nothing of it changes.
-- Booked, recognized and what is due and not in the ledger, cumulative to the period end, in both
-- currencies, and whether a version of the line is broken.
with

differences as (

    select * from {{ ref('int_chain_differences') }}

),

summed as (

    select
        contract_line_id,
        period_no,
        any_value(last_period_no) as last_period_no,
        {% for scope in ['txn', 'rpt'] -%}
            cast(sum(booked_minor) filter (where currency_scope = '{{ scope }}') as bigint)
                as booked_{{ scope }}_minor,
            cast(sum(recognized_minor) filter (where currency_scope = '{{ scope }}') as bigint)
                as recognized_{{ scope }}_minor,
            cast(
                sum(rounding + unexplained) filter (where currency_scope = '{{ scope }}') as bigint
            ) as unposted_{{ scope }}_minor,
        {% endfor -%}
        bool_or(has_break) as has_break,
        bool_or(has_unexplained) as has_unexplained
    from differences
    group by contract_line_id, period_no

)

select * from summed
