-- Grain: one row per usage record: what was used of a contract line on a day. Use is metered by the
-- ERP only; both witnesses are measured with it.
with

usage as (

    select * from {{ ref('int_erp_usage') }}

),

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'erp' and is_first_of_record

),

final as (

    select
        usage.usage_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        usage.record_id as erp_record_id,
        usage.used_on,
        cast(usage.quantity as decimal(28, 10)) as quantity,
        usage.load_id
    from usage
    left join contract_lines
        on usage.record_id = contract_lines.record_id

)

select * from final
