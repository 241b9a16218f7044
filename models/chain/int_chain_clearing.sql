-- Grain: one row per contract line x accounting period x timing reason, with the period in which it
-- is expected to clear.
with

chain_reasons as (

    select * from {{ ref('int_chain_reasons') }}

),

line_ends as (

    select
        contract_line_id,
        line_ends_on
    from {{ ref('int_chain_contract_lines') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

cleared as (

    -- Timing clears by itself: a hand-off in the next period, service when the line ends.
    select
        chain_reasons.contract_line_id,
        chain_reasons.period_no,
        chain_reasons.reason_code,
        case chain_reasons.reason_code
            when 'handoff_lag' then next_period.period_name
            when 'not_yet_delivered' then last_period.period_name
        end as expected_clear_period
    from chain_reasons
    inner join line_ends
        on chain_reasons.contract_line_id = line_ends.contract_line_id
    left join accounting_periods as next_period
        on chain_reasons.period_no + 1 = next_period.period_no
    left join accounting_periods as last_period
        on
        line_ends.line_ends_on >= last_period.starts_on
        and line_ends.line_ends_on <= last_period.ends_on
    where chain_reasons.reason_code in ('handoff_lag', 'not_yet_delivered')

)

select * from cleared
