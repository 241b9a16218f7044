-- Grain: one row per contract line: the dimensions and records of its first version name it.
with

contract_line_versions as (

    select * from {{ ref('dim_contract_line') }}

),

line_currencies as (

    select * from {{ ref('int_chain_line_currencies') }}

),

rates as (

    select * from {{ ref('fct_contract_line_rates') }}

),

first_versions as (

    select
        contract_line_id,
        arg_min(contract_line_version_id, version_no) as contract_line_version_id,
        max(ends_on) as line_ends_on
    from contract_line_versions
    group by contract_line_id

),

named as (

    select
        contract_line_versions.contract_line_id,
        contract_line_versions.contract_line_version_id,
        contract_line_versions.contract_id,
        contract_line_versions.customer_id,
        contract_line_versions.product_id,
        line_currencies.currency_code,
        line_currencies.minor_units_per_major,
        contract_line_versions.crm_record_id,
        contract_line_versions.erp_record_id,
        contract_line_versions.erp_header_record_id,
        contract_line_versions.crm_url,
        contract_line_versions.erp_url,
        first_versions.line_ends_on
    from first_versions
    inner join contract_line_versions
        on first_versions.contract_line_version_id = contract_line_versions.contract_line_version_id
    inner join line_currencies
        on contract_line_versions.contract_line_id = line_currencies.contract_line_id

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
