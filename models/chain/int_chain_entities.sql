-- Grain: one row per contract line, with the subsidiary that sells it: that of its ERP order line,
-- else of its contract. Empty where the ERP knows neither.
with

contract_lines as (

    select * from {{ ref('int_chain_contract_lines') }}

),

subsidiaries as (

    select * from {{ ref('int_erp_line_subsidiaries') }}

),

first_records as (

    select
        contract_lines.contract_id,
        min(subsidiaries.record_id) as record_id
    from contract_lines
    inner join subsidiaries
        on contract_lines.erp_record_id = subsidiaries.record_id
    group by contract_lines.contract_id

),

contract_entities as (

    select
        first_records.contract_id,
        subsidiaries.subsidiary_id as entity_id,
        subsidiaries.subsidiary_name as entity_name
    from first_records
    inner join subsidiaries
        on first_records.record_id = subsidiaries.record_id

),

final as (

    select
        contract_lines.contract_line_id,
        coalesce(subsidiaries.subsidiary_id, contract_entities.entity_id) as entity_id,
        coalesce(subsidiaries.subsidiary_name, contract_entities.entity_name) as entity_name
    from contract_lines
    left join subsidiaries
        on contract_lines.erp_record_id = subsidiaries.record_id
    left join contract_entities
        on contract_lines.contract_id = contract_entities.contract_id

)

select * from final
