-- Grain: one row per view x contract line version: the contracts revenue is computed on, and the
-- keys by which the engine knows them.
-- A view is a complete reading of the contracts: `contract` (the CRM's terms: expected revenue),
-- `erp` (the ERP's terms) and `synced` (what the ERP knows, at the contract's own dates), which
-- isolates what wrong dates in the ERP do.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

crm_lines as (

    select * from contract_lines
    where witness = 'crm'

),

erp_lines as (

    select * from contract_lines
    where witness = 'erp'

),

contract_view as (

    select
        'contract' as view_name,
        contract_line_id,
        contract_line_version_id,
        version_no,
        change_kind,
        recognition_pattern,
        proration,
        currency_code,
        customer_id,
        known_on,
        amount_minor,
        starts_on,
        ends_on
    from crm_lines

),

erp_view as (

    select
        'erp' as view_name,
        contract_line_id,
        contract_line_version_id,
        version_no,
        change_kind,
        recognition_pattern,
        proration,
        currency_code,
        customer_id,
        known_on,
        amount_minor,
        starts_on,
        ends_on
    from erp_lines

),

synced_view as (

    select
        'synced' as view_name,
        erp_lines.contract_line_id,
        erp_lines.contract_line_version_id,
        erp_lines.version_no,
        erp_lines.change_kind,
        coalesce(crm_lines.recognition_pattern, erp_lines.recognition_pattern)
            as recognition_pattern,
        coalesce(crm_lines.proration, erp_lines.proration) as proration,
        erp_lines.currency_code,
        erp_lines.customer_id,
        erp_lines.known_on,
        erp_lines.amount_minor,
        coalesce(crm_lines.starts_on, erp_lines.starts_on) as starts_on,
        coalesce(crm_lines.ends_on, erp_lines.ends_on) as ends_on
    from erp_lines
    left join crm_lines
        on erp_lines.contract_line_version_id = crm_lines.contract_line_version_id

),

combined as (

    select * from contract_view

    union all

    select * from erp_view

    union all

    select * from synced_view

),

final as (

    -- A line sold at its own price needs no allocation: it is accounted for by itself.
    select
        combined.*,
        combined.view_name || '|' || combined.contract_line_id as contract_key,
        combined.view_name || '|' || combined.contract_line_version_id as line_key,
        cast(
            row_number() over (
                partition by combined.view_name, combined.contract_line_id
                order by combined.version_no, combined.contract_line_version_id
            ) as integer
        ) as line_no,
        case combined.change_kind when 'cancellation' then combined.starts_on end as cancelled_on
    from combined

)

select * from final
