-- Grain: one row per contract line x reason that is expected to clear x span of accounting periods
-- (int_chain_clearing_spans), with the period in which it should (null: nobody knows yet) and the
-- one in which it did (null: not yet).
-- A level ramp clears over all lines of its contract, everything else line by line.
with

contract_lines as (

    select
        contract_line_id,
        contract_id,
        line_ends_on,
        max(line_ends_on) over (partition by contract_id) as contract_ends_on
    from {{ ref('int_chain_contract_lines') }}

),

chain_reasons as (

    select
        clearing_spans.*,
        accounting_periods.ends_on as period_ends_on,
        contract_lines.contract_id,
        contract_lines.line_ends_on,
        contract_lines.contract_ends_on
    from {{ ref('int_chain_clearing_spans') }} as clearing_spans
    inner join contract_lines
        on clearing_spans.contract_line_id = contract_lines.contract_line_id
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on clearing_spans.period_no = accounting_periods.period_no

),

ramp_totals as (

    select
        contract_id,
        period_no,
        sum(amount_txn_minor) as amount_minor
    from chain_reasons
    where reason_code = 'ramp_straight_line'
    group by contract_id, period_no

),

scoped as (

    select
        chain_reasons.*,
        case chain_reasons.reason_code
            when 'ramp_straight_line' then chain_reasons.contract_id
            else chain_reasons.contract_line_id
        end as scope_id,
        coalesce(ramp_totals.amount_minor, chain_reasons.amount_txn_minor) as scope_minor
    from chain_reasons
    left join ramp_totals
        on
        chain_reasons.contract_id = ramp_totals.contract_id
        and chain_reasons.period_no = ramp_totals.period_no
        and chain_reasons.reason_code = 'ramp_straight_line'

),

cleared as (

    select
        * exclude (
            period_ends_on, contract_id, line_ends_on, contract_ends_on, scope_id, scope_minor
        ),
        case reason_code
            when 'not_yet_delivered' then line_ends_on
            when 'period_convention' then line_ends_on
            when 'ramp_straight_line' then contract_ends_on
        end as clears_on,
        min(case when scope_minor = 0 then period_no end) over (
            partition by scope_id, reason_code
            order by period_no
            range between current row and unbounded following
        ) as cleared_period_no
    from scoped

),

handed as (

    -- The last day the integration may take of what is still to be handed over.
    select
        chain_reasons.contract_line_id,
        chain_reasons.period_no,
        max({{ add_days('chain_versions.booked_on', var('handoff_lag_days')) }}) as expected_on
    from chain_reasons
    inner join {{ ref('int_chain_versions') }} as chain_versions
        on
        chain_reasons.contract_line_id = chain_versions.contract_line_id
        and chain_reasons.period_ends_on >= chain_versions.booked_on
        and chain_reasons.period_ends_on < chain_versions.handed_on
    where chain_reasons.reason_code = 'handoff_lag'
    group by chain_reasons.contract_line_id, chain_reasons.period_no

),

waits as (

    select
        chain_reasons.contract_line_id,
        chain_reasons.reason_code,
        chain_reasons.period_no,
        case when count(*) = count(waits.expected_period_no) then max(waits.expected_period_no) end
            as expected_period_no
    from chain_reasons
    inner join {{ ref('fct_contract_lines') }} as contract_lines
        on
        chain_reasons.contract_line_id = contract_lines.contract_line_id
        and contract_lines.witness = 'erp'
    inner join {{ ref('int_chain_waits') }} as waits
        on
        contract_lines.record_id = waits.record_id
        and chain_reasons.reason_code = waits.reason_code
        and chain_reasons.period_no >= waits.from_period_no
        and coalesce(chain_reasons.period_no < waits.until_period_no, true)
    group by
        chain_reasons.contract_line_id, chain_reasons.reason_code, chain_reasons.period_no

),

final as (

    select
        cleared.*,
        coalesce(waits.expected_period_no, expected.period_no) as expected_period_no
    from cleared
    left join handed
        on
        cleared.contract_line_id = handed.contract_line_id
        and cleared.period_no = handed.period_no
        and cleared.reason_code = 'handoff_lag'
    left join waits
        on
        cleared.contract_line_id = waits.contract_line_id
        and cleared.reason_code = waits.reason_code
        and cleared.period_no = waits.period_no
    left join {{ ref('int_revenue_calendar') }} as expected
        on coalesce(handed.expected_on, cleared.clears_on) = expected.calendar_day

)

select * exclude (clears_on) from final
