-- Grain: one row per contract line: the dimensions and records of its first version name it.
with

contract_line_versions as (

    select * from {{ ref('dim_contract_line') }}

),

rates as (

    select * from {{ ref('fct_contract_line_rates') }}

),

named as (

    select
        contract_line_id,
        contract_line_version_id,
        contract_id,
        customer_id,
        product_id,
        currency_code,
        crm_record_id,
        erp_record_id,
        erp_header_record_id,
        crm_url,
        erp_url,
        max(ends_on) over (partition by contract_line_id) as line_ends_on
    from contract_line_versions
    qualify row_number() over (partition by contract_line_id order by version_no) = 1

)

select
    named.*,
    rates.crm_rate,
    rates.crm_rate_type,
    rates.crm_rated_on,
    rates.erp_rate,
    rates.erp_rate_type,
    rates.erp_rated_on
from named
left join rates
    on named.contract_line_version_id = rates.contract_line_version_id
