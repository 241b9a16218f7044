-- Grain: one row per contract line x reason code that it has: the two amounts, rates or faults.
-- It speaks where nothing more telling does. (DuckDB 2.0 fails on a currency joined row by row.)
with

chain_reasons as (

    select
        contract_line_id,
        reason_code,
        max(period_no) filter (where amount_txn_minor != 0 or amount_rpt_minor != 0) as period_no,
        bool_or(amount_txn_minor != 0) as is_in_contract_currency
    from {{ ref('int_chain_reasons') }}
    group by contract_line_id, reason_code

),

chain_lines as (

    select * from {{ ref('int_chain_lines') }}

),

contract_lines as (

    select * from {{ ref('int_chain_contract_lines') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

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

scoped as (

    select
        chain_reasons.*,
        contract_lines.contract_id,
        case
            when chain_reasons.is_in_contract_currency then currencies.currency_code
            else reporting_currency.currency_code
        end as currency_code,
        case
            when chain_reasons.is_in_contract_currency then currencies.minor_unit_value
            else reporting_currency.minor_unit_value
        end as minor_unit_value
    from chain_reasons
    inner join contract_lines
        on chain_reasons.contract_line_id = contract_lines.contract_line_id
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    inner join currencies as reporting_currency
        on reporting_currency.is_reporting_currency

),

measured as (

    select
        scoped.contract_line_id,
        scoped.reason_code,
        scoped.contract_id,
        accounting_periods.period_name,
        scoped.currency_code,
        scoped.reason_code in ('rounding', 'unexplained') as is_of_the_ledger,
        {{ money_text('chain_lines.booked_minor', 'scoped.minor_unit_value') }} as booked_text,
        {{ money_text(
            '(chain_lines.recognized_minor + chain_lines.unposted_minor)',
            'scoped.minor_unit_value'
        ) }} as due_text,
        {{ money_text('chain_lines.recognized_minor', 'scoped.minor_unit_value') }} as posted_text
    from scoped
    inner join chain_lines
        on
        scoped.contract_line_id = chain_lines.contract_line_id
        and scoped.period_no = chain_lines.period_no
        and chain_lines.currency_scope
        = case when scoped.is_in_contract_currency then 'txn' else 'rpt' end
    inner join accounting_periods
        on scoped.period_no = accounting_periods.period_no

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
