-- Grain: one row per contract line that the ERP has and the CRM does not.
with

erp_lines as (

    select * from {{ ref('int_bookings_bridge_erp_lines') }}

),

crm_lines as (

    select * from {{ ref('int_bookings_bridge_crm_lines') }}

),

final as (

    select erp_lines.*
    from erp_lines
    left join crm_lines
        on erp_lines.contract_line_id = crm_lines.contract_line_id
    where crm_lines.contract_line_id is null

)

select * from final
