-- Grain: one row per contract line version, what each system states about it side by side.
-- The days decide what either system knew at a period end.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

crm_lines as (

    select * from contract_lines
    where witness = 'crm'

),

erp_lines as (

    select * from contract_lines
    where witness = 'erp'

),

book_allocations as (

    select * from {{ ref('int_chain_book_allocations') }}

),

held as (

    select distinct contract_id
    from {{ ref('int_revenue_holds') }}

),

paired as (

    select
        coalesce(crm_lines.contract_line_version_id, erp_lines.contract_line_version_id)
            as contract_line_version_id,
        coalesce(crm_lines.contract_line_id, erp_lines.contract_line_id) as contract_line_id,
        held.contract_id is not null as is_held,
        coalesce(crm_lines.currency_code, erp_lines.currency_code) as currency_code,
        coalesce(crm_lines.change_kind, erp_lines.change_kind) as change_kind,
        crm_lines.record_id as crm_record_id,
        erp_lines.record_id as erp_record_id,
        crm_lines.amount_minor as crm_minor,
        crm_lines.amount_rpt_minor as crm_rpt_minor,
        crm_lines.quantity as crm_quantity,
        crm_lines.known_on as booked_on,
        crm_lines.starts_on as crm_starts_on,
        case crm_lines.recognition_pattern
            when 'point_in_time' then crm_lines.starts_on else crm_lines.ends_on
        end as crm_ends_on,
        erp_lines.amount_minor as erp_minor,
        erp_lines.allocated_minor,
        crm_lines.currency_code as crm_currency_code,
        erp_lines.currency_code as erp_currency_code,
        crm_lines.recognition_pattern as crm_pattern,
        erp_lines.recognition_pattern as erp_pattern,
        crm_lines.product_id,
        erp_lines.item_product_id,
        crm_lines.price_proration as crm_price_proration,
        erp_lines.price_proration as erp_price_proration,
        crm_lines.unprorated_price,
        coalesce(erp_lines.closed_minor, 0) as closed_minor,
        crm_lines.rate_numerator as crm_rate_numerator,
        crm_lines.rate_denominator as crm_rate_denominator,
        crm_lines.usage_price as crm_usage_price,
        erp_lines.usage_price as erp_usage_price,
        coalesce(book_allocations.shifted_minor, 0) as shifted_minor,
        coalesce(crm_lines.recognition_pattern, erp_lines.recognition_pattern)
            as recognition_pattern,
        coalesce(crm_lines.ends_on, erp_lines.ends_on) as served_until,
        erp_lines.quantity as erp_quantity,
        erp_lines.known_on as erp_known_on,
        erp_lines.starts_on as erp_starts_on,
        case erp_lines.recognition_pattern
            when 'point_in_time' then erp_lines.starts_on else erp_lines.ends_on
        end as erp_ends_on,
        -- The ERP keeps the rate of the order; a version it does not know keeps the CRM's.
        coalesce(erp_lines.rate_numerator, crm_lines.rate_numerator) as rate_numerator,
        coalesce(erp_lines.rate_denominator, crm_lines.rate_denominator) as rate_denominator
    from crm_lines
    full outer join erp_lines
        on crm_lines.contract_line_version_id = erp_lines.contract_line_version_id
    left join book_allocations
        on crm_lines.contract_line_version_id = book_allocations.contract_line_version_id
    left join held
        on coalesce(crm_lines.contract_id, erp_lines.contract_id) = held.contract_id

),

known as (

    select
        *,
        -- Within the integration's lag a booking that is not in the ERP yet is no break.
        least(
            coalesce(erp_known_on, {{ add_days('booked_on', var('handoff_lag_days')) }}),
            coalesce({{ add_days('booked_on', var('handoff_lag_days')) }}, erp_known_on)
        ) as handed_on,
        min(erp_known_on) over (partition by contract_line_id) as line_known_on
    from paired

)

select * from known
