-- Grain: one row per contract line x accounting period, from its first fact to the reporting
-- period.
-- Cumulative to the period end (not additive over periods); *_movement is what the period changed.
-- difference = booked - recognized = explained + break + unexplained, to the cent.
with

totals as (

    select * from {{ ref('int_chain_totals') }}

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

final as (

    select
        {{ surrogate_key(['totals.contract_line_id', 'accounting_periods.period_key']) }}
            as reconciliation_id,
        totals.contract_line_id,
        contract_lines.contract_id,
        contract_lines.customer_id,
        contract_lines.product_id,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        totals.tie_out_status,
        contract_lines.currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        {{ money('totals.booked_txn_minor', 'currencies.minor_unit_value') }} as booked_txn,
        {{ money('totals.recognized_txn_minor', 'currencies.minor_unit_value') }} as recognized_txn,
        {{ money('totals.difference_txn_minor', 'currencies.minor_unit_value') }} as difference_txn,
        {{ money('totals.explained_txn_minor', 'currencies.minor_unit_value') }} as explained_txn,
        {{ money('totals.break_txn_minor', 'currencies.minor_unit_value') }} as break_txn,
        {{ money('totals.unexplained_txn_minor', 'currencies.minor_unit_value') }}
            as unexplained_txn,
        {{ money('totals.booked_movement_txn_minor', 'currencies.minor_unit_value') }}
            as booked_movement_txn,
        {{ money('totals.recognized_movement_txn_minor', 'currencies.minor_unit_value') }}
            as recognized_movement_txn,
        {{ money('totals.difference_movement_txn_minor', 'currencies.minor_unit_value') }}
            as difference_movement_txn,
        {{ money('totals.booked_rpt_minor', 'reporting_currency.minor_unit_value') }} as booked_rpt,
        {{ money('totals.recognized_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as recognized_rpt,
        {{ money('totals.difference_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as difference_rpt,
        {{ money('totals.explained_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as explained_rpt,
        {{ money('totals.break_rpt_minor', 'reporting_currency.minor_unit_value') }} as break_rpt,
        {{ money('totals.unexplained_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as unexplained_rpt,
        {{ money('totals.booked_movement_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as booked_movement_rpt,
        {{ money('totals.recognized_movement_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as recognized_movement_rpt,
        {{ money('totals.difference_movement_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as difference_movement_rpt,
        contract_lines.crm_rate,
        contract_lines.crm_rate_type,
        contract_lines.crm_rated_on,
        contract_lines.erp_rate,
        contract_lines.erp_rate_type,
        contract_lines.erp_rated_on,
        contract_lines.crm_record_id,
        contract_lines.erp_record_id,
        contract_lines.crm_url,
        contract_lines.erp_url
    from totals
    inner join contract_lines
        on totals.contract_line_id = contract_lines.contract_line_id
    inner join accounting_periods
        on totals.period_no = accounting_periods.period_no
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    cross join reporting_currency

)

select * from final
