-- Grain: one row per contract line version the ERP knows: its records of the version together. The
-- version is known when the first of them is, and the first of them names rate and price.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

summed as (

    select
        contract_line_version_id,
        any_value(contract_line_id) as contract_line_id,
        any_value(contract_id) as contract_id,
        min(record_id) as record_id,
        count(*) as records,
        max(duplicate_of_record_id) as duplicate_of_record_id,
        any_value(change_kind) as change_kind,
        arg_min(currency_code, record_id) as currency_code,
        arg_min(recognition_pattern, record_id) as recognition_pattern,
        arg_min(item_product_id, record_id) as item_product_id,
        arg_min(price_proration, record_id) as price_proration,
        arg_min(usage_price, record_id) as usage_price,
        arg_min(rate_numerator, record_id) as rate_numerator,
        arg_min(rate_denominator, record_id) as rate_denominator,
        cast(sum(amount_minor) as bigint) as amount_minor,
        cast(sum(closed_minor) as bigint) as closed_minor,
        cast(sum(allocated_minor) as bigint) as allocated_minor,
        cast(sum(quantity) as decimal(18, 4)) as quantity,
        min(known_on) as known_on,
        min(starts_on) as starts_on,
        max(ends_on) as ends_on
    from contract_lines
    group by contract_line_version_id

)

select * from summed
