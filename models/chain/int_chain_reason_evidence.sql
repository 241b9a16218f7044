-- Grain: one row per contract line x reason code: the two values that differ and their records.
-- No reason is without evidence: where nothing more telling is known, the amounts on both sides of
-- the chain speak.
with

by_version as (

    select
        *,
        'SalesOrd' as erp_record_type
    from {{ ref('int_chain_evidence') }}

),

first_versions as (

    select
        contract_line_id,
        cast(crm_starts_on as varchar) || ' to ' || cast(crm_ends_on as varchar) as crm_service,
        cast(erp_starts_on as varchar) || ' to ' || cast(erp_ends_on as varchar) as erp_service
    from {{ ref('int_chain_versions') }}
    qualify row_number() over (
            partition by contract_line_id order by booked_on, erp_known_on, contract_line_version_id
        ) = 1

),

by_amount as (

    select * from {{ ref('int_chain_amount_evidence') }}

),

contract_lines as (

    select * from {{ ref('int_chain_contract_lines') }}

),

told as (

    select
        *,
        1 as turn
    from by_version
    where crm_value is not null and erp_value is not null

    union all

    select
        *,
        2 as turn
    from {{ ref('int_chain_variable_evidence') }}

    union all

    select
        first_versions.contract_line_id,
        'not_yet_delivered' as reason_code,
        'service dates' as evidence_label,
        coalesce(first_versions.crm_service, 'none') as crm_value,
        coalesce(first_versions.erp_service, 'none') as erp_value,
        contract_lines.crm_record_id,
        contract_lines.erp_record_id,
        contract_lines.erp_header_record_id,
        'SalesOrd' as erp_record_type,
        2 as turn
    from first_versions
    inner join contract_lines
        on first_versions.contract_line_id = contract_lines.contract_line_id

    union all

    select
        by_amount.contract_line_id,
        by_amount.reason_code,
        by_amount.evidence_label,
        by_amount.crm_value,
        by_amount.erp_value,
        contract_lines.crm_record_id,
        contract_lines.erp_record_id,
        contract_lines.erp_header_record_id,
        'SalesOrd' as erp_record_type,
        3 as turn
    from by_amount
    inner join contract_lines
        on by_amount.contract_line_id = contract_lines.contract_line_id

),

final as (

    select * exclude (turn)
    from told
    qualify row_number() over (partition by contract_line_id, reason_code order by turn) = 1

)

select * from final
