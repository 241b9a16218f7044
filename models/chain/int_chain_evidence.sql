-- Grain: one row per contract line x reason code: the two values that differ and their records.
-- Where several versions of a line share a cause, the earliest speaks for it.
with

chain_versions as (

    select
        *,
        {{ quantity_text('crm_quantity') }} as crm_quantity_text,
        cast(booked_on as varchar) as booked_on_text,
        cast(erp_known_on as varchar) as erp_known_on_text,
        {{ quantity_text('erp_quantity') }} as erp_quantity_text
    from {{ ref('int_chain_versions') }}

),

contract_line_versions as (

    select * from {{ ref('dim_contract_line') }}

),

found as (

    select
        contract_line_id,
        contract_line_version_id,
        'missing_in_erp' as reason_code,
        'sales order line' as evidence_label,
        'quantity ' || crm_quantity_text || ', booked ' || booked_on_text as crm_value,
        'none' as erp_value
    from chain_versions
    where erp_record_id is null and line_known_on is null

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'handoff_lag' as reason_code,
        'known on' as evidence_label,
        booked_on_text as crm_value,
        coalesce(erp_known_on_text, 'not yet') as erp_value
    from chain_versions
    where crm_record_id is not null and booked_on is distinct from erp_known_on

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'missing_in_crm' as reason_code,
        'order product' as evidence_label,
        'none' as crm_value,
        'quantity ' || erp_quantity_text || ', ordered ' || erp_known_on_text as erp_value
    from chain_versions
    where crm_record_id is null

    union all

    select
        contract_line_id,
        contract_line_version_id,
        case
            when change_kind = 'cancellation' then 'termination_not_synced'
            else 'amendment_not_synced'
        end as reason_code,
        change_kind as evidence_label,
        'quantity ' || crm_quantity_text || ', booked ' || booked_on_text as crm_value,
        'none' as erp_value
    from chain_versions
    where erp_record_id is null and line_known_on is not null

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'quantity_mismatch' as reason_code,
        'quantity' as evidence_label,
        crm_quantity_text as crm_value,
        erp_quantity_text as erp_value
    from chain_versions
    where crm_quantity != erp_quantity

    union all

    select * from {{ ref('int_chain_price_evidence') }}

    union all

    select * from {{ ref('int_chain_scope_evidence') }}

    union all

    select * from {{ ref('int_chain_duplicate_evidence') }}

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'date_shift' as reason_code,
        'service dates' as evidence_label,
        cast(crm_starts_on as varchar) || ' to ' || cast(crm_ends_on as varchar)
            as crm_value,
        cast(erp_starts_on as varchar) || ' to ' || cast(erp_ends_on as varchar) as erp_value
    from chain_versions
    where crm_starts_on != erp_starts_on or crm_ends_on != erp_ends_on

    union all

    select * from {{ ref('int_chain_recognition_evidence') }}

),

chosen as (

    select
        found.contract_line_id,
        found.reason_code,
        found.evidence_label,
        found.crm_value,
        found.erp_value,
        contract_line_versions.crm_record_id,
        contract_line_versions.erp_record_id,
        contract_line_versions.erp_header_record_id
    from found
    inner join contract_line_versions
        on found.contract_line_version_id = contract_line_versions.contract_line_version_id
    qualify row_number() over (
            partition by found.contract_line_id, found.reason_code
            order by contract_line_versions.version_no
        ) = 1

)

select * from chosen
