-- Grain: one row per period that can be closed x gate x contract line or contract that blocks it:
-- holds, unexplained amounts, material breaks.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

holds as (

    select * from {{ ref('fct_revenue_holds') }}

),

reconciliation as (

    select * from {{ ref('fct_reconciliation') }}
    where unexplained_txn != 0 or unexplained_rpt != 0

),

open_breaks as (

    select * from {{ ref('int_close_open_breaks') }}

),

held as (

    select
        candidates.period_key,
        'contracts_computed' as gate_code,
        holds.record_id,
        holds.contract_id,
        holds.contract_line_id,
        -- The whole contract is held, however many faults it has: the first one has the amount.
        case
            when row_number() over (
                    partition by candidates.period_key, holds.contract_id
                    order by holds.revenue_hold_id
                ) = 1 then holds.booked_rpt
        end as amount_rpt,
        holds.hold_code || ': ' || holds.message as message
    from candidates
    cross join holds

),

unexplained as (

    select
        candidates.period_key,
        'nothing_unexplained' as gate_code,
        coalesce(reconciliation.crm_record_id, reconciliation.erp_record_id) as record_id,
        reconciliation.contract_id,
        reconciliation.contract_line_id,
        reconciliation.unexplained_rpt as amount_rpt,
        'No reason was found for ' || cast(reconciliation.unexplained_txn as varchar) || ' '
        || reconciliation.currency_code || '.' as message
    from candidates
    inner join reconciliation
        on candidates.period_key = reconciliation.period_key

),

broken as (

    select
        period_key,
        'breaks_explained' as gate_code,
        record_id,
        contract_id,
        contract_line_id,
        amount_rpt,
        reason_code || ' (' || who_mends || ')'
        || coalesce(
            ': ' || evidence_label || ' ' || coalesce(crm_value, 'none') || ' in the CRM, '
            || coalesce(erp_value, 'none') || ' in the ERP', ''
        ) || '.' as message
    from open_breaks

),

final as (

    select * from held

    union all

    select * from unexplained

    union all

    select * from broken

)

select * from final
