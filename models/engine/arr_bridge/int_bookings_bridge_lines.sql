-- Grain: one row per contract line of the CRM x accounting period that has ended, from the day
-- either system knows it, with what decides which of its versions count at each step of the bridge.
with

crm_lines as (

    select * from {{ ref('int_bookings_bridge_crm_lines') }}

),

erp_lines as (

    select * from {{ ref('int_bookings_bridge_erp_lines') }}

),

-- An ERP line that goes on with it ends the days of grace.
continued as (

    select
        continuations.continued_line_id,
        {{ add_days('min(continuations.effective_on)', '-1') }} as continued_through
    from {{ ref('int_bookings_bridge_continuations') }} as continuations
    inner join {{ ref('int_bookings_bridge_erp_only_lines') }} as erp_only_lines
        on continuations.contract_line_id = erp_only_lines.contract_line_id
    where erp_only_lines.bridge_reason = 'evergreen_not_in_crm'
    group by continuations.continued_line_id

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}
    where has_ended

),

final as (

    select
        crm_lines.contract_line_id,
        crm_lines.arr_customer_id as crm_customer_id,
        coalesce(erp_lines.arr_customer_id, crm_lines.arr_customer_id) as erp_customer_id,
        crm_lines.currency_code,
        coalesce(erp_lines.currency_code, crm_lines.currency_code) as erp_currency_code,
        accounting_periods.period_no,
        accounting_periods.ends_on as period_ends_on,
        least(accounting_periods.ends_on, crm_lines.ends_on) as valued_on,
        least(accounting_periods.ends_on, erp_lines.ends_on) as erp_valued_on,
        crm_lines.is_ramp,
        crm_lines.is_last_step,
        coalesce(accounting_periods.ends_on < crm_lines.replaced_signed_on, true)
            as is_not_replaced_by_signature,
        coalesce(accounting_periods.ends_on < crm_lines.replaced_on, true) as is_not_replaced,
        accounting_periods.ends_on >= crm_lines.effective_on as has_started,
        accounting_periods.ends_on <= crm_lines.live_through as is_live,
        coalesce(accounting_periods.ends_on <= continued.continued_through, true)
            as is_not_continued,
        -- A renewal that starts early ends it before its day only in the system that says so.
        accounting_periods.ends_on <= greatest(crm_lines.live_through, crm_lines.ends_on)
            as is_live_unless_cancelled,
        accounting_periods.ends_on <= crm_lines.grace_ends_on
        and coalesce(accounting_periods.ends_on <= erp_lines.live_through, false)
            as is_in_grace_of_erp,
        coalesce(accounting_periods.ends_on <= erp_lines.live_through, false) as is_live_in_erp,
        coalesce(accounting_periods.ends_on >= erp_lines.known_on, false) as is_known_to_erp
    from crm_lines
    left join erp_lines
        on crm_lines.contract_line_id = erp_lines.contract_line_id
    inner join accounting_periods
        on least(crm_lines.known_on, erp_lines.known_on) <= accounting_periods.ends_on
    left join continued
        on crm_lines.contract_line_id = continued.continued_line_id

)

select * from final
