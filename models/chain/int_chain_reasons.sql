-- Grain: one row per contract line x accounting period x reason code that is not zero.
-- amount: cumulative to the period end; movement: what the period changed. A reason that cleared
-- has a row with amount 0 and the movement that cleared it.
with

chain_lines as (

    select * from {{ ref('int_chain_lines') }}

),

reasons as (

    select reason_code from {{ ref('dim_reason') }}

),

reporting_periods as (

    select max(period_no) as period_no
    from {{ ref('dim_accounting_period') }}
    where has_ended

),

by_reason as (

    select
        chain_lines.currency_scope,
        chain_lines.contract_line_id,
        chain_lines.period_no,
        reasons.reason_code,
        case reasons.reason_code
            when 'fx_rate' then chain_lines.fx_rate
            when 'handoff_lag' then chain_lines.handoff_lag
            when 'missing_in_erp' then chain_lines.missing_in_erp
            when 'missing_in_crm' then chain_lines.missing_in_crm
            when 'amendment_not_synced' then chain_lines.amendment_not_synced
            when 'termination_not_synced' then chain_lines.termination_not_synced
            when 'quantity_mismatch' then chain_lines.quantity_mismatch
            when 'price_mismatch' then chain_lines.price_mismatch
            when 'contract_held' then chain_lines.contract_held
            when 'allocation_ssp' then chain_lines.allocation_ssp
            when 'allocation_mismatch' then chain_lines.allocation_mismatch
            when 'usage_overage' then chain_lines.usage_overage
            when 'credits_unused' then chain_lines.credits_unused
            when 'breakage' then chain_lines.breakage
            when 'not_yet_delivered' then chain_lines.not_yet_delivered
            when 'date_shift' then chain_lines.date_shift
            when 'posting_lag' then chain_lines.posting_lag
            when 'unexplained' then chain_lines.unexplained
            when 'rounding' then chain_lines.rounding
        end as amount_minor
    from chain_lines
    cross join reasons

),

non_zero as (

    select * from by_reason
    where amount_minor != 0

),

movements as (

    select
        currency_scope,
        contract_line_id,
        period_no,
        reason_code,
        amount_minor,
        amount_minor as movement_minor
    from non_zero

    union all

    select
        non_zero.currency_scope,
        non_zero.contract_line_id,
        non_zero.period_no + 1 as period_no,
        non_zero.reason_code,
        0 as amount_minor,
        -non_zero.amount_minor as movement_minor
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
            as movement_rpt_minor
    from movements
    group by contract_line_id, period_no, reason_code
    having
        sum(abs(amount_minor)) != 0
        or sum(movement_minor) filter (where currency_scope = 'txn') != 0
        or sum(movement_minor) filter (where currency_scope = 'rpt') != 0

)

select * from summed
