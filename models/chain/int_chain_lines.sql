-- Grain: one row per contract line x accounting period x currency scope (txn, rpt).
-- Booked and recognized, cumulative to the period end, and whether a version of the line is broken.
with

differences as (

    select * from {{ ref('int_chain_differences') }}

),

summed as (

    select
        currency_scope,
        contract_line_id,
        period_no,
        cast(sum(booked_minor) as bigint) as booked_minor,
        cast(sum(recognized_minor) as bigint) as recognized_minor,
        cast(sum(rounding + unexplained) as bigint) as unposted_minor,
        bool_or(has_break) as has_break,
        bool_or(has_unexplained) as has_unexplained
    from differences
    group by currency_scope, contract_line_id, period_no

)

select * from summed
