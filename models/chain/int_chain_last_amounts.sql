-- Grain: one row per contract line x reason code that it has: booked, recognized and what was due
-- and not in the ledger when it last had an amount, in the currency it has one in. (DuckDB 2.0
-- fails on a currency joined row by row.)
with

reason_spans as (

    select
        contract_line_id,
        reason_code,
        max(period_no) filter (where amount_txn_minor != 0 or amount_rpt_minor != 0) as period_no,
        max(last_period_no) filter (where amount_txn_minor != 0 or amount_rpt_minor != 0)
            as last_period_no,
        bool_or(amount_txn_minor != 0) as is_in_contract_currency
    from {{ ref('int_chain_reason_spans') }}
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

scoped as (

    select
        reason_spans.*,
        contract_lines.contract_id,
        case
            when reason_spans.is_in_contract_currency then currencies.currency_code
            else reporting_currency.currency_code
        end as currency_code,
        case
            when reason_spans.is_in_contract_currency then currencies.minor_unit_value
            else reporting_currency.minor_unit_value
        end as minor_unit_value
    from reason_spans
    inner join contract_lines
        on reason_spans.contract_line_id = contract_lines.contract_line_id
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    inner join currencies as reporting_currency
        on reporting_currency.is_reporting_currency

),

final as (

    select
        {% for name in ['booked', 'recognized', 'unposted'] -%}
            case
                when scoped.is_in_contract_currency then chain_lines.{{ name }}_txn_minor
                else chain_lines.{{ name }}_rpt_minor
            end as {{ name }}_minor,
        {% endfor -%}
        scoped.contract_line_id,
        scoped.reason_code,
        scoped.contract_id,
        accounting_periods.period_name,
        scoped.currency_code,
        scoped.minor_unit_value
    from scoped
    inner join chain_lines
        on
        scoped.contract_line_id = chain_lines.contract_line_id
        and scoped.period_no = chain_lines.period_no
    inner join accounting_periods
        on scoped.last_period_no = accounting_periods.period_no

)

select * from final
