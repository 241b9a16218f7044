-- Grain: one row per planned revenue row of the ERP x state the warehouse knew it in.
-- Kept for good, like fct_contract_line_history; half-open in the same way.
{{ config(
    materialized='incremental', unique_key='planned_revenue_history_id', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
{%- set tracked = [
    'planned_revenue_id', 'contract_id', 'contract_line_id', 'erp_record_id', 'revenue_plan_id',
    'journal_id', 'planned_period_key', 'posting_period_key', 'currency_code', 'amount_txn',
    'amount_fn'
] %}

with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    -- Of a record that several contract lines share the first one names it.
    where witness = 'erp' and is_first_of_record

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

load_clock as (

    select * from {{ ref('int_load_clock') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

facts as (

    select
        planned_revenue.planned_revenue_id,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        planned_revenue.record_id as erp_record_id,
        planned_revenue.revenue_plan_id,
        planned_revenue.journal_id,
        planned.period_key as planned_period_key,
        posted.period_key as posting_period_key,
        contract_lines.currency_code,
        {{ money('planned_revenue.amount_minor', 'currencies.minor_unit_value') }} as amount_txn,
        {{ money('planned_revenue.amount_fn_minor', 'reporting_currency.minor_unit_value') }}
            as amount_fn,
        load_clock.known_at
    from planned_revenue
    left join contract_lines
        on planned_revenue.record_id = contract_lines.record_id
    left join currencies
        on contract_lines.currency_code = currencies.currency_code
    left join accounting_periods as planned
        on planned_revenue.planned_period_no = planned.period_no
    left join accounting_periods as posted
        on planned_revenue.posting_period_no = posted.period_no
    cross join reporting_currency
    cross join load_clock

),
{{ states_known('facts', 'planned_revenue_history_id', 'planned_revenue_id', tracked) }}

select * from final
