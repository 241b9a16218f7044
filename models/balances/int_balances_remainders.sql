-- Grain: one row per ERP record x contract line version that shares it, with what its plan rows do
-- not cover of what is allocated to it; no revenue has none. A termination cuts the plans of its
-- line short and has plan rows of its own for what they lose: what was lost is_taken_back once the
-- termination is known.
with

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

contract_lines as (

    select
        contract_lines.contract_line_version_id,
        contract_lines.record_id,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.change_kind,
        contract_lines.allocated_minor,
        contract_lines.rate_numerator,
        contract_lines.rate_denominator,
        contract_lines.known_on,
        contract_lines.starts_on,
        coalesce(contract_lines.ends_on, contract_lines.starts_on) as ends_on,
        coalesce(accounting_periods.period_no, 1) as known_no
    from {{ ref('fct_contract_lines') }} as contract_lines
    left join accounting_periods
        on
        contract_lines.known_on >= accounting_periods.starts_on
        and contract_lines.known_on <= accounting_periods.ends_on
    where
        contract_lines.witness = 'erp'
        and contract_lines.recognition_pattern is distinct from 'out_of_scope'

),

cancellations as (

    select
        contract_line_id,
        min({{ cancelled_on('starts_on', 'known_on') }}) as stopped_on,
        min(known_no) as stop_known_no
    from contract_lines
    where change_kind = 'cancellation'
    group by contract_line_id

),

planned as (

    select
        record_id,
        contract_line_version_id,
        sum(amount_minor) as planned_minor
    from {{ ref('int_balances_plan_rows') }}
    where not is_charge
    group by record_id, contract_line_version_id

),

final as (

    select
        contract_lines.record_id,
        contract_lines.contract_line_version_id,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.change_kind,
        contract_lines.known_no,
        contract_lines.allocated_minor,
        cast(contract_lines.allocated_minor - coalesce(planned.planned_minor, 0) as bigint)
            as open_minor,
        contract_lines.rate_numerator,
        contract_lines.rate_denominator,
        contract_lines.starts_on,
        contract_lines.ends_on,
        cancellations.stopped_on,
        cancellations.stop_known_no,
        greatest(contract_lines.starts_on, cancellations.stopped_on) as open_from,
        cancellations.stopped_on is not null
        and contract_lines.change_kind != 'cancellation'
        and contract_lines.ends_on >= cancellations.stopped_on as is_taken_back
    from contract_lines
    left join cancellations
        on contract_lines.contract_line_id = cancellations.contract_line_id
    left join planned
        on
        contract_lines.record_id = planned.record_id
        and contract_lines.contract_line_version_id = planned.contract_line_version_id

)

select * from final
