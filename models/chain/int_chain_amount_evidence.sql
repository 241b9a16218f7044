-- Grain: one row per contract line x reason code that it has: the two amounts, rates or faults.
-- It speaks where nothing more telling does.
with

last_amounts as (

    select * from {{ ref('int_chain_last_amounts') }}

),

rates as (

    select * from {{ ref('fct_contract_line_rates') }}
    where crm_rate is distinct from erp_rate
    qualify row_number() over (
            partition by contract_line_id order by crm_rated_on, contract_line_version_id
        ) = 1

),

holds as (

    select
        contract_id,
        min_by(hold_code || ': ' || message, record_id) filter (where view_name = 'contract')
            as crm_fault,
        min_by(hold_code || ': ' || message, record_id) filter (where view_name = 'erp')
            as erp_fault
    from {{ ref('int_revenue_holds') }}
    group by contract_id

),

measured as (

    select
        *,
        reason_code in ('rounding', 'unexplained') as is_of_the_ledger,
        {{ money_text('booked_minor', 'minor_unit_value') }} as booked_text,
        {{ money_text('(recognized_minor + unposted_minor)', 'minor_unit_value') }} as due_text,
        {{ money_text('recognized_minor', 'minor_unit_value') }} as posted_text
    from last_amounts

),

final as (

    select
        measured.contract_line_id,
        measured.reason_code,
        case
            when measured.reason_code = 'fx_rate' and rates.contract_line_id is not null
                then 'rate'
            when measured.reason_code = 'contract_held' then 'fault'
            when measured.is_of_the_ledger then 'due and in the ledger, ' || measured.period_name
            else 'booked and recognized, ' || measured.period_name
        end as evidence_label,
        case
            when measured.reason_code = 'fx_rate' and rates.contract_line_id is not null
                then coalesce(
                        rates.crm_rate || ' ' || rates.crm_rate_type
                        || coalesce(' of ' || rates.crm_rated_on, ''), 'none'
                    )
            when measured.reason_code = 'contract_held' then coalesce(holds.crm_fault, 'none')
            when measured.is_of_the_ledger then measured.currency_code || ' ' || measured.due_text
            else measured.currency_code || ' ' || measured.booked_text
        end as crm_value,
        case
            when measured.reason_code = 'fx_rate' and rates.contract_line_id is not null
                then coalesce(rates.erp_rate || ' order of ' || rates.erp_rated_on, 'none')
            when measured.reason_code = 'contract_held' then coalesce(holds.erp_fault, 'none')
            else measured.currency_code || ' ' || measured.posted_text
        end as erp_value
    from measured
    left join rates
        on measured.contract_line_id = rates.contract_line_id
    left join holds
        on measured.contract_id = holds.contract_id

)

select * from final
