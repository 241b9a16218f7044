-- Grain: one row per contract line: the dimensions and records of its first version name it.
with

contract_line_versions as (

    select * from {{ ref('dim_contract_line') }}

),

named as (

    select
        contract_line_id,
        contract_id,
        customer_id,
        product_id,
        currency_code,
        crm_record_id,
        erp_record_id,
        erp_header_record_id,
        max(ends_on) over (partition by contract_line_id) as line_ends_on
    from contract_line_versions
    qualify row_number() over (partition by contract_line_id order by version_no) = 1

)

select * from named
