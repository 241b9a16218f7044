-- Grain: one row per contract line x reported accounting period with ARR, as fct_arr_monthly stood
-- when the period was reported. Rows are only ever added: a period's once, in the first build on or
-- after its freeze (bookings_freeze_days). A full refresh leaves them.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false
) }}
with

monthly as (

    select * from {{ ref('fct_arr_monthly') }}
    where arr_end_txn != 0

),

reported_periods as (

    {{ periods_to_freeze() }}

),

final as (

    select
        monthly.arr_monthly_id as frozen_arr_id,
        monthly.contract_line_id,
        monthly.contract_id,
        monthly.customer_id,
        monthly.arr_customer_id,
        monthly.period_key,
        monthly.period_no,
        monthly.currency_code,
        monthly.reporting_currency_code,
        monthly.arr_end_txn,
        monthly.arr_end_rpt,
        monthly.fx_rate,
        monthly.crm_record_id,
        monthly.load_id
    from monthly
    inner join reported_periods
        on monthly.period_key = reported_periods.period_key

)

select * from final
