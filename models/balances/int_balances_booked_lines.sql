-- Grain: one row per contract line version that the CRM booked, with what its terms schedule of it
-- and what they do not: the part a termination took back (until it is known the line's own), or
-- what no term has a day for (use, a held contract, a share of price that moved to other lines).
with

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

contract_lines as (

    select
        contract_lines.contract_line_version_id,
        contract_lines.contract_line_id,
        contract_lines.change_kind,
        contract_lines.currency_code,
        contract_lines.amount_minor,
        contract_lines.amount_rpt_minor,
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
    where contract_lines.witness = 'crm'

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

scheduled as (

    select
        contract_line_version_id,
        sum(amount_minor) as scheduled_minor
    from {{ ref('int_balances_schedule') }}
    group by contract_line_version_id

),

final as (

    select
        contract_lines.*,
        cancellations.stopped_on,
        cancellations.stop_known_no,
        cast(contract_lines.amount_minor - coalesce(scheduled.scheduled_minor, 0) as bigint)
            as open_minor,
        contract_lines.amount_rpt_minor - {{ converted_minor_units(
            'cast(coalesce(scheduled.scheduled_minor, 0) as bigint)',
            'contract_lines.rate_numerator', 'contract_lines.rate_denominator'
        ) }} as open_rpt_minor,
        greatest(contract_lines.starts_on, cancellations.stopped_on) as open_from,
        cancellations.stopped_on is not null
        and contract_lines.change_kind != 'cancellation'
        and contract_lines.ends_on >= cancellations.stopped_on as is_taken_back
    from contract_lines
    left join cancellations
        on contract_lines.contract_line_id = cancellations.contract_line_id
    left join scheduled
        on contract_lines.contract_line_version_id = scheduled.contract_line_version_id

)

select * from final
