-- Grain: one row per contract line version of the CRM x accounting period in which it counts at any
-- step of the ARR bridge, with the steps it counts at. Each step is decided by itself.
with

lines as (

    select * from {{ ref('int_bookings_bridge_lines') }}

),

versions as (

    select * from {{ ref('int_bookings_bridge_versions') }}

),

joined as (

    select
        lines.*,
        versions.sales_rpt_minor,
        versions.finance_rpt_minor,
        versions.finance_minor,
        versions.quantity_units,
        versions.erp_quantity_units,
        versions.erp_finance_minor,
        versions.is_tagged_recurring,
        versions.is_committed,
        versions.is_duplicate,
        versions.known_on <= lines.period_ends_on as is_signed,
        versions.known_on <= lines.period_ends_on
        and versions.counted_on <= lines.period_ends_on as is_counted,
        versions.effective_on <= lines.period_ends_on as is_effective,
        lines.valued_on between versions.starts_on and versions.ends_on as is_running,
        coalesce(versions.erp_known_on <= lines.period_ends_on, false) as is_in_erp,
        coalesce(
            versions.erp_effective_on <= lines.period_ends_on
            and lines.erp_valued_on between versions.erp_starts_on and versions.erp_ends_on,
            false
        ) as is_running_in_erp,
        -- A reduction the ERP does not know of, on a line it knows.
        versions.is_reduction
        and lines.is_known_to_erp
        and coalesce(versions.erp_known_on > lines.period_ends_on, true) as is_crm_reduction
    from lines
    inner join versions
        on lines.contract_line_id = versions.contract_line_id

),

started as (

    select
        *,
        is_tagged_recurring and is_last_step and is_signed and is_not_replaced_by_signature
            as counts_for_sales,
        is_tagged_recurring and is_last_step and is_counted and has_started and is_not_replaced
            as counts_started,
        is_tagged_recurring and is_effective and is_not_replaced and (is_running or not is_ramp)
            as counts_by_step,
        is_committed and is_effective and coalesce(is_running, false) as is_committed_running,
        is_committed and is_in_erp and coalesce(is_running, false) as is_shared_running,
        is_live and is_not_continued as is_live_on,
        is_live_unless_cancelled and is_not_continued as is_live_on_uncancelled
    from joined

),

final as (

    select
        *,
        counts_by_step and is_committed as counts_committed,
        is_committed_running and is_live as counts_live,
        is_committed_running and is_live_on as counts_not_continued,
        is_committed_running and is_live_on_uncancelled and not is_crm_reduction
            as counts_uncancelled,
        is_committed_running and is_live_on_uncancelled and not is_crm_reduction
        and not is_duplicate as counts_once,
        is_shared_running and is_effective
        and not is_duplicate
        and (is_live_on_uncancelled or is_in_grace_of_erp) as counts_in_both,
        is_shared_running and not is_duplicate
        and (is_live_on_uncancelled or is_in_grace_of_erp) as counts_in_erp,
        is_committed and is_running_in_erp and is_live_in_erp as counts_by_erp_dates
    from started

)

select * from final
