-- Grain: one row per booking of fct_bookings, as it stood when its period was reported. Rows are
-- only ever added: a period's once, in the first build on or after its freeze (var
-- bookings_freeze_days). A full refresh leaves them. A period without bookings is frozen with the
-- next one that has some.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    on_schema_change='append_new_columns',
    full_refresh=false
) }}
with

bookings as (

    select * from {{ ref('fct_bookings') }}

),

reported_periods as (

    {{ periods_to_freeze() }}

),

final as (

    select
        {{ surrogate_key(['bookings.booking_id', 'bookings.period_key']) }} as frozen_booking_id,
        bookings.booking_id,
        bookings.period_key,
        reported_periods.period_no,
        bookings.contract_line_id,
        bookings.contract_id,
        bookings.customer_id,
        bookings.booking_type,
        bookings.currency_code,
        bookings.reporting_currency_code,
        bookings.tcv_txn,
        bookings.acv_txn,
        bookings.arr_delta_txn,
        bookings.tcv_rpt,
        bookings.acv_rpt,
        bookings.arr_delta_rpt,
        bookings.booked_on,
        bookings.crm_record_id,
        bookings.load_id
    from bookings
    inner join reported_periods
        on bookings.period_key = reported_periods.period_key

)

select * from final
