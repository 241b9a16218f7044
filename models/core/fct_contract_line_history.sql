-- Grain: one row per witness x contract line version x state the warehouse knew it in.
-- Kept for good: what the sources said once cannot be loaded again. Half-open: a state was known at
-- T when known_from <= T and (known_to > T or known_to is null).
{{ config(
    materialized='incremental', unique_key='contract_line_history_id', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
{%- set tracked = [
    'contract_line_witness_id', 'witness', 'contract_id', 'contract_line_id',
    'contract_line_version_id', 'product_id', 'record_id', 'change_kind', 'currency_code',
    'recognition_pattern', 'quantity', 'amount_txn', 'allocated_txn', 'amount_rpt', 'signed_on',
    'starts_on', 'ends_on'
] %}

with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

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
        contract_lines.contract_line_witness_id,
        contract_lines.witness,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        contract_lines.product_id,
        contract_lines.record_id,
        contract_lines.change_kind,
        contract_lines.currency_code,
        contract_lines.recognition_pattern,
        contract_lines.quantity,
        {{ money('contract_lines.amount_minor', 'currencies.minor_unit_value') }} as amount_txn,
        {{ money('contract_lines.allocated_minor', 'currencies.minor_unit_value') }}
            as allocated_txn,
        {{ money('contract_lines.amount_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as amount_rpt,
        contract_lines.known_on as signed_on,
        contract_lines.starts_on,
        contract_lines.ends_on,
        load_clock.known_at
    from contract_lines
    inner join currencies
        on contract_lines.currency_code = currencies.currency_code
    cross join reporting_currency
    cross join load_clock

),
{{ states_known('facts', 'contract_line_history_id', 'contract_line_witness_id', tracked) }}

select * from final
