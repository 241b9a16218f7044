-- Grain: one row per contract line version that repeats another record of its system: what it
-- repeats, in the shape of int_chain_evidence.
with

chain_versions as (

    select
        *,
        {{ quantity_text('coalesce(crm_quantity, erp_quantity)') }} as quantity_value
    from {{ ref('int_chain_versions') }}
    where duplicate_of_record_id is not null

),

found as (

    select
        contract_line_id,
        contract_line_version_id,
        case when crm_record_id is null then 'duplicate_in_erp' else 'duplicate_in_crm' end
            as reason_code,
        case when crm_record_id is null then 'sales order line' else 'order product' end
            as evidence_label,
        case
            when crm_record_id is null then 'once'
            else 'again, quantity ' || quantity_value || ', as ' || duplicate_of_record_id
        end as crm_value,
        case
            when crm_record_id is null
                then 'again, quantity ' || quantity_value || ', as ' || duplicate_of_record_id
            else 'once'
        end as erp_value
    from chain_versions

)

select * from found
