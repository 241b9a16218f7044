-- Grain: one row per contract x accounting period, from its first fact to the reporting period.
-- Balances are those of the contract at the period's end: they add up over contracts, not over
-- time. The net position is billed less recognized: a contract has deferred revenue or a contract
-- asset (606-10-45-1). beginning + billed - recognized + adjustment + fx = ending = ledger balance.
with

positions as (

    select * from {{ ref('int_balances_positions') }}

),

positioned as (

    select
        *,
        net_minor - billed_minor + recognized_minor - adjustment_minor as beginning_minor,
        net_fn_minor - billed_fn_minor + recognized_fn_minor - adjustment_fn_minor - fx_fn_minor
            as beginning_fn_minor,
        net_minor as ending_minor,
        net_fn_minor as ending_fn_minor,
        ledger_deferred_fn_minor - ledger_asset_fn_minor as ledger_balance_fn_minor,
        greatest(net_minor, 0) as deferred_revenue_minor,
        greatest(net_fn_minor, 0) as deferred_revenue_fn_minor,
        greatest(-net_minor, 0) as contract_asset_minor,
        greatest(-net_fn_minor, 0) as contract_asset_fn_minor,
        greatest(unsettled_minor, 0) as receivable_minor,
        greatest(unsettled_fn_minor, 0) as receivable_fn_minor,
        -- Credited and not paid back yet.
        greatest(-unsettled_minor, 0) as refund_liability_minor,
        greatest(-unsettled_fn_minor, 0) as refund_liability_fn_minor,
        current_minor + second_minor + later_minor as rpo_minor,
        current_fn_minor + second_fn_minor + later_fn_minor as rpo_fn_minor,
        current_minor as crpo_minor,
        current_fn_minor as crpo_fn_minor,
        second_minor as rpo_second_band_minor,
        second_fn_minor as rpo_second_band_fn_minor,
        later_minor as rpo_later_minor,
        later_fn_minor as rpo_later_fn_minor
    from positions

),

measured as (

    select
        *,
        -- 606-10-50-8(b): what was deferred when the period began and was earned in it.
        least(greatest(recognized_minor, 0), greatest(beginning_minor, 0))
            as recognized_from_beginning_minor,
        least(greatest(recognized_fn_minor, 0), greatest(beginning_fn_minor, 0))
            as recognized_from_beginning_fn_minor
    from positioned

),

contracts as (

    select * from {{ ref('dim_contract') }}

),

contract_currencies as (

    select * from {{ ref('int_balances_currencies') }}

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
        {{ surrogate_key(['measured.contract_id', 'accounting_periods.period_key']) }}
            as contract_balance_id,
        measured.contract_id,
        contracts.customer_id,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period,
        case
            when measured.net_minor > 0 then 'liability'
            when measured.net_minor < 0 then 'asset'
            else 'none'
        end as position_kind,
        contract_currencies.currency_code,
        reporting_currency.currency_code as functional_currency_code,
        reporting_currency.currency_code as reporting_currency_code,
        {{ balance_money('beginning') }},
        {{ balance_money('billed') }},
        {{ balance_money('recognized') }},
        {{ balance_money('recognized_from_beginning') }},
        {{ balance_money('adjustment') }},
        {{ money('measured.fx_fn_minor', 'reporting_currency.minor_unit_value') }} as fx_rpt,
        {{ balance_money('ending') }},
        {{ money('measured.ledger_balance_fn_minor', 'reporting_currency.minor_unit_value') }}
            as ledger_balance_rpt,
        {{ money('measured.ledger_deferred_fn_minor', 'reporting_currency.minor_unit_value') }}
            as ledger_deferred_revenue_rpt,
        {{ money('measured.ledger_asset_fn_minor', 'reporting_currency.minor_unit_value') }}
            as ledger_contract_asset_rpt,
        {{ balance_money('deferred_revenue') }},
        {{ balance_money('contract_asset') }},
        {{ balance_money('receivable') }},
        {{ balance_money('refund_liability') }},
        {{ balance_money('rpo') }},
        {{ balance_money('crpo') }},
        {{ balance_money('rpo_second_band') }},
        {{ balance_money('rpo_later') }},
        {{ money('measured.expected_net_minor', 'currencies.minor_unit_value') }}
            as expected_ending_txn,
        {{ money('measured.expected_remaining_minor', 'currencies.minor_unit_value') }}
            as expected_rpo_txn,
        contracts.salesforce_contract_id as crm_record_id,
        contracts.netsuite_order_numbers as erp_order_numbers
    from measured
    inner join contracts
        on measured.contract_id = contracts.contract_id
    inner join contract_currencies
        on measured.contract_id = contract_currencies.contract_id
    inner join currencies
        on contract_currencies.currency_code = currencies.currency_code
    inner join accounting_periods
        on measured.period_no = accounting_periods.period_no
    cross join reporting_currency

)

select * from final
