-- Grain: one row per contract line x accounting period, from its first fact to the reporting
-- period.
-- Cumulative to the period end (not additive over periods); *_movement is what the period changed.
-- difference = booked - recognized = explained + break + unexplained, to the cent.
with

chain_lines as (

    select * from {{ ref('int_chain_lines') }}

),

class_totals as (

    select * from {{ ref('int_chain_class_totals') }}

),

contract_lines as (

    select
        contract_line_id,
        contract_id,
        customer_id,
        product_id,
        currency_code,
        crm_record_id,
        erp_record_id
    from {{ ref('dim_contract_line') }}
    qualify row_number() over (partition by contract_line_id order by version_no) = 1

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

both_scopes as (

    select
        contract_line_id,
        period_no,
        max(booked_minor) filter (where currency_scope = 'txn') as booked_txn_minor,
        max(recognized_minor) filter (where currency_scope = 'txn') as recognized_txn_minor,
        max(booked_minor) filter (where currency_scope = 'rpt') as booked_rpt_minor,
        max(recognized_minor) filter (where currency_scope = 'rpt') as recognized_rpt_minor
    from chain_lines
    group by contract_line_id, period_no

),

explained as (

    select
        both_scopes.*,
        coalesce(class_totals.explained_txn_minor, 0) as explained_txn_minor,
        coalesce(class_totals.break_txn_minor, 0) as break_txn_minor,
        coalesce(class_totals.unexplained_txn_minor, 0) as unexplained_txn_minor,
        coalesce(class_totals.explained_rpt_minor, 0) as explained_rpt_minor,
        coalesce(class_totals.break_rpt_minor, 0) as break_rpt_minor,
        coalesce(class_totals.unexplained_rpt_minor, 0) as unexplained_rpt_minor,
        case
            when coalesce(class_totals.has_unexplained, false) then 'unexplained'
            when coalesce(class_totals.has_break, false) then 'break'
            when both_scopes.booked_rpt_minor != both_scopes.recognized_rpt_minor then 'explained'
            when both_scopes.booked_txn_minor != both_scopes.recognized_txn_minor then 'explained'
            else 'tied'
        end as tie_out_status
    from both_scopes
    left join class_totals
        on
        both_scopes.contract_line_id = class_totals.contract_line_id
        and both_scopes.period_no = class_totals.period_no

),

moved as (

    select
        *,
        booked_txn_minor - coalesce(lag(booked_txn_minor) over by_period, 0)
            as booked_movement_txn_minor,
        recognized_txn_minor - coalesce(lag(recognized_txn_minor) over by_period, 0)
            as recognized_movement_txn_minor,
        booked_rpt_minor - coalesce(lag(booked_rpt_minor) over by_period, 0)
            as booked_movement_rpt_minor,
        recognized_rpt_minor - coalesce(lag(recognized_rpt_minor) over by_period, 0)
            as recognized_movement_rpt_minor
    from explained
    window by_period as (partition by contract_line_id order by period_no)

),

final as (

    select
        {{ surrogate_key(['moved.contract_line_id', 'accounting_periods.period_key']) }}
            as reconciliation_id,
        moved.contract_line_id,
        contract_lines.contract_id,
        contract_lines.customer_id,
        contract_lines.product_id,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        moved.tie_out_status,
        contract_lines.currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        {{ money('moved.booked_txn_minor', 'currencies.minor_unit_value') }} as booked_txn,
        {{ money('moved.recognized_txn_minor', 'currencies.minor_unit_value') }} as recognized_txn,
        {{ money('(moved.booked_txn_minor - moved.recognized_txn_minor)',
            'currencies.minor_unit_value') }} as difference_txn,
        {{ money('moved.explained_txn_minor', 'currencies.minor_unit_value') }} as explained_txn,
        {{ money('moved.break_txn_minor', 'currencies.minor_unit_value') }} as break_txn,
        {{ money('moved.unexplained_txn_minor', 'currencies.minor_unit_value') }}
            as unexplained_txn,
        {{ money('moved.booked_movement_txn_minor', 'currencies.minor_unit_value') }}
            as booked_movement_txn,
        {{ money('moved.recognized_movement_txn_minor', 'currencies.minor_unit_value') }}
            as recognized_movement_txn,
        {{ money('(moved.booked_movement_txn_minor - moved.recognized_movement_txn_minor)',
            'currencies.minor_unit_value') }} as difference_movement_txn,
        {{ money('moved.booked_rpt_minor', 'reporting_currency.minor_unit_value') }} as booked_rpt,
        {{ money('moved.recognized_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as recognized_rpt,
        {{ money('(moved.booked_rpt_minor - moved.recognized_rpt_minor)',
            'reporting_currency.minor_unit_value') }} as difference_rpt,
        {{ money('moved.explained_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as explained_rpt,
        {{ money('moved.break_rpt_minor', 'reporting_currency.minor_unit_value') }} as break_rpt,
        {{ money('moved.unexplained_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as unexplained_rpt,
        {{ money('moved.booked_movement_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as booked_movement_rpt,
        {{ money('moved.recognized_movement_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as recognized_movement_rpt,
        {{ money('(moved.booked_movement_rpt_minor - moved.recognized_movement_rpt_minor)',
            'reporting_currency.minor_unit_value') }} as difference_movement_rpt,
        contract_lines.crm_record_id,
        contract_lines.erp_record_id
    from moved
    inner join contract_lines
        on moved.contract_line_id = contract_lines.contract_line_id
    inner join accounting_periods
        on moved.period_no = accounting_periods.period_no
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    cross join reporting_currency

)

select * from final
