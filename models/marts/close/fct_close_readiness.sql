-- Grain: one row per accounting period that can be closed next x gate x record that blocks it; a
-- gate that nothing blocks has one row without a record.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

gates as (

    select * from {{ ref('close_gates') }}

),

blockers as (

    select * from {{ ref('int_close_period_blockers') }}

    union all

    select * from {{ ref('int_close_book_blockers') }}

    union all

    select * from {{ ref('int_close_contract_blockers') }}

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

final as (

    select
        {{ surrogate_key([
            'candidates.period_key', 'gates.gate_code', 'blockers.contract_line_id',
            'blockers.record_id', 'blockers.message'
        ]) }} as close_readiness_id,
        candidates.period_key,
        candidates.period_no,
        candidates.period_name,
        gates.gate_no,
        gates.gate_code,
        gates.title as gate_title,
        gates.owner,
        gates.can_be_overridden,
        gates.what_to_do,
        blockers.gate_code is null as is_passed,
        blockers.record_id,
        blockers.contract_id,
        contracts.contract_number,
        blockers.contract_line_id,
        reporting_currency.currency_code as reporting_currency_code,
        blockers.amount_rpt,
        blockers.message
    from candidates
    cross join gates
    cross join reporting_currency
    left join blockers
        on
        candidates.period_key = blockers.period_key
        and gates.gate_code = blockers.gate_code
    left join contracts
        on blockers.contract_id = contracts.contract_id

)

select * from final
