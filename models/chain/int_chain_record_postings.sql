-- Grain: one row per movement of an ERP record (int_chain_record_movements) x contract line version
-- that has all of the record; of a version that has a part of it, one row per record x accounting
-- period (int_chain_shared_postings).
with

movements as (

    select * from {{ ref('int_chain_record_movements') }}

),

contract_lines as (

    select
        record_id,
        contract_line_id,
        contract_line_version_id
    from {{ ref('fct_contract_lines') }}
    where witness = 'erp' and share_before = 0 and share_through = share_total

),

final as (

    select
        contract_lines.contract_line_version_id,
        contract_lines.contract_line_id,
        movements.*
    from movements
    inner join contract_lines
        on movements.record_id = contract_lines.record_id

    union all by name

    select * from {{ ref('int_chain_shared_postings') }}

)

select * from final
