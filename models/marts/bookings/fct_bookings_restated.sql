-- Grain: one row per booking whose reported numbers moved since its period was frozen, with what
-- was reported, what the records say now, and what moved. Summed over a period and added to
-- fct_bookings_frozen it is fct_bookings of that period.
with

frozen as (

    select * from {{ ref('fct_bookings_frozen') }}

),

frozen_through as (

    select coalesce(max(period_no), 0) as last_period_no from frozen

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

live as (

    select
        bookings.*,
        accounting_periods.period_no
    from {{ ref('fct_bookings') }} as bookings
    inner join accounting_periods
        on bookings.period_key = accounting_periods.period_key

),

-- A booking that left its period has a row in the old one and, if that is frozen too, in the new.
in_frozen_periods as (

    select live.*
    from live
    cross join frozen_through
    where live.period_no <= frozen_through.last_period_no

),

compared as (

    select
        coalesce(frozen.booking_id, live.booking_id) as booking_id,
        coalesce(frozen.period_key, live.period_key) as period_key,
        coalesce(frozen.customer_id, live.customer_id) as customer_id,
        coalesce(frozen.contract_line_id, live.contract_line_id) as contract_line_id,
        coalesce(frozen.crm_record_id, live.crm_record_id) as crm_record_id,
        coalesce(frozen.reporting_currency_code, live.reporting_currency_code)
            as reporting_currency_code,
        frozen.booking_id is not null as is_in_frozen,
        live.booking_id is not null as is_in_live,
        frozen.customer_id as frozen_customer_id,
        live.customer_id as live_customer_id,
        frozen.booking_type as frozen_booking_type,
        live.booking_type as live_booking_type,
        frozen.tcv_txn != live.tcv_txn as is_amount_moved,
        coalesce(frozen.tcv_rpt, 0) as frozen_tcv_rpt,
        coalesce(live.tcv_rpt, 0) as live_tcv_rpt,
        coalesce(frozen.acv_rpt, 0) as frozen_acv_rpt,
        coalesce(live.acv_rpt, 0) as live_acv_rpt,
        coalesce(frozen.arr_delta_rpt, 0) as frozen_arr_delta_rpt,
        coalesce(live.arr_delta_rpt, 0) as live_arr_delta_rpt
    from frozen
    full outer join in_frozen_periods as live
        on frozen.booking_id = live.booking_id and frozen.period_key = live.period_key

),

final as (

    select
        {{ surrogate_key(['compared.booking_id', 'compared.period_key']) }} as restated_booking_id,
        compared.booking_id,
        compared.period_key,
        accounting_periods.period_name,
        compared.contract_line_id,
        compared.customer_id,
        case
            when not compared.is_in_live and elsewhere.booking_id is null then 'deleted'
            when not compared.is_in_live then 'moved_to_another_period'
            when not compared.is_in_frozen then 'booked_late'
            when compared.frozen_customer_id != compared.live_customer_id then 're_parented'
            when compared.is_amount_moved then 'amount_changed'
            when compared.frozen_booking_type != compared.live_booking_type then 'reclassified'
            else 'restated'
        end as what_moved,
        compared.frozen_booking_type,
        compared.live_booking_type,
        compared.frozen_customer_id,
        compared.live_customer_id,
        compared.reporting_currency_code,
        {% for column in ['tcv_rpt', 'acv_rpt', 'arr_delta_rpt'] -%}
            compared.frozen_{{ column }},
            compared.live_{{ column }},
            cast(compared.live_{{ column }} - compared.frozen_{{ column }} as decimal(18, 3))
                as restated_{{ column }},
        {% endfor -%}
        compared.crm_record_id
    from compared
    inner join accounting_periods
        on compared.period_key = accounting_periods.period_key
    left join live as elsewhere
        on compared.booking_id = elsewhere.booking_id
    where
        compared.frozen_tcv_rpt != compared.live_tcv_rpt
        or compared.frozen_acv_rpt != compared.live_acv_rpt
        or compared.frozen_arr_delta_rpt != compared.live_arr_delta_rpt
        or (compared.frozen_customer_id = compared.live_customer_id) is not true
        or (compared.frozen_booking_type = compared.live_booking_type) is not true

)

select * from final
