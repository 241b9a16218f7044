-- Grain: one row per contract line version of the CRM, with what the ERP says of the same version.
with

crm_versions as (

    select * from {{ ref('int_bookings_bridge_terms') }}
    where witness = 'crm'

),

-- Several ERP lines of one version add up.
erp_versions as (

    select
        contract_line_version_id,
        min(known_on) as known_on,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on,
        min(effective_on) as effective_on,
        sum(quantity_units) as quantity_units,
        sum(finance_minor) as finance_minor
    from {{ ref('int_bookings_bridge_terms') }}
    where witness = 'erp' and is_committed
    group by contract_line_version_id

),

arr_versions as (

    select * from {{ ref('int_bookings_arr_versions') }}

),

final as (

    select
        crm_versions.*,
        -- What changes a step of a ramp on its first day changes it before it was ever live.
        case
            when arr_versions.is_ramp then arr_versions.counted_on else crm_versions.effective_on
        end as counted_on,
        erp_versions.known_on as erp_known_on,
        erp_versions.starts_on as erp_starts_on,
        erp_versions.ends_on as erp_ends_on,
        erp_versions.effective_on as erp_effective_on,
        erp_versions.quantity_units as erp_quantity_units,
        erp_versions.finance_minor as erp_finance_minor
    from crm_versions
    left join erp_versions
        on crm_versions.contract_line_version_id = erp_versions.contract_line_version_id
    left join arr_versions
        on crm_versions.contract_line_version_id = arr_versions.contract_line_version_id

)

select * from final
