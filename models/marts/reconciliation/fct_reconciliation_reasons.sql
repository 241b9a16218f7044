-- Grain: one row per contract line x accounting period x reason code. amount: cumulative, of a line
-- and period all its difference in fct_reconciliation; amount_movement: additive over periods.
with

chain_reasons as (

    select * from {{ ref('int_chain_reasons') }}

),

reasons as (

    select * from {{ ref('dim_reason') }}

),

evidence as (

    select * from {{ ref('int_chain_reason_evidence') }}

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

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

crm_source as (

    select record_url_prefix from {{ ref('dim_source') }}
    where source_name = 'salesforce'

),

erp_source as (

    select record_base_url from {{ ref('dim_source') }}
    where source_name = 'netsuite'

),

final as (

    select
        {{ surrogate_key([
            'chain_reasons.contract_line_id', 'accounting_periods.period_key',
            'chain_reasons.reason_code'
        ]) }} as reconciliation_reason_id,
        {{ surrogate_key(['chain_reasons.contract_line_id', 'accounting_periods.period_key']) }}
            as reconciliation_id,
        chain_reasons.contract_line_id,
        contract_lines.contract_id,
        contract_lines.customer_id,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        chain_reasons.reason_code,
        reasons.reason_class,
        reasons.chain_step_no,
        reasons.owner,
        contract_lines.currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        {{ money('chain_reasons.amount_txn_minor', 'currencies.minor_unit_value') }} as amount_txn,
        {{ money('chain_reasons.movement_txn_minor', 'currencies.minor_unit_value') }}
            as amount_movement_txn,
        {{ money('chain_reasons.amount_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as amount_rpt,
        {{ money('chain_reasons.movement_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as amount_movement_rpt,
        chain_reasons.is_standing,
        evidence.evidence_label,
        evidence.crm_value,
        evidence.erp_value,
        coalesce(evidence.crm_record_id, contract_lines.crm_record_id) as crm_record_id,
        coalesce(evidence.erp_record_id, contract_lines.erp_record_id) as erp_record_id,
        crm_source.record_url_prefix
        || coalesce(evidence.crm_record_id, contract_lines.crm_record_id) as crm_url,
        {{ erp_record_url(
            'erp_source.record_base_url', 'evidence.erp_record_type',
            'coalesce(evidence.erp_header_record_id, contract_lines.erp_header_record_id)'
        ) }} as erp_url,
        expected_periods.period_name as expected_clear_period,
        expected_periods.period_key as expected_clear_period_key,
        cleared_periods.period_name as cleared_in_period,
        case when chain_reasons.is_clearing then chain_reasons.cleared_period_no is not null end
            as has_cleared,
        case
            when chain_reasons.is_clearing
                then
                    chain_reasons.cleared_period_no is null
                    and coalesce(expected_periods.has_ended, false)
        end as is_overdue
    from chain_reasons
    inner join reasons
        on chain_reasons.reason_code = reasons.reason_code
    inner join contract_lines
        on chain_reasons.contract_line_id = contract_lines.contract_line_id
    inner join accounting_periods
        on chain_reasons.period_no = accounting_periods.period_no
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    cross join reporting_currency
    left join crm_source
        on true
    left join erp_source
        on true
    left join evidence
        on
        chain_reasons.contract_line_id = evidence.contract_line_id
        and chain_reasons.reason_code = evidence.reason_code
    left join accounting_periods as expected_periods
        on chain_reasons.expected_period_no = expected_periods.period_no
    left join accounting_periods as cleared_periods
        on chain_reasons.cleared_period_no = cleared_periods.period_no

)

select * from final
