-- Grain: one row per contract line version, what each system states about it side by side.
-- The days decide what either system knew at a period end.
with

crm_lines as (

    select * from {{ ref('fct_contract_lines') }}
    where witness = 'crm'

),

erp_lines as (

    select * from {{ ref('int_chain_erp_versions') }}

),

book_allocations as (

    select * from {{ ref('int_chain_book_allocations') }}

),

erp_terms as (

    select
        contract_line_version_id,
        cast(sum(terms_minor) as bigint) as terms_minor,
        cast(sum(leveled_minor) as bigint) as leveled_minor,
        bool_or(has_other_pattern) as has_other_pattern,
        bool_or(has_other_dates) as has_other_dates,
        bool_or(has_other_rule) as has_other_rule,
        bool_or(has_other_ramp) as has_other_ramp,
        bool_or(is_charged_apart) as is_charged_apart
    from {{ ref('int_revenue_erp_terms') }}
    group by contract_line_version_id

),

held as (

    select distinct contract_id from {{ ref('int_revenue_holds') }}

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
        coalesce(crm_lines.duplicate_of_record_id, erp_lines.duplicate_of_record_id)
            as duplicate_of_record_id,
        crm_lines.amount_minor as crm_minor,
        crm_lines.amount_rpt_minor as crm_rpt_minor,
        crm_lines.quantity as crm_quantity,
        crm_lines.known_on as booked_on,
        crm_lines.starts_on as crm_starts_on,
        case crm_lines.recognition_pattern
            when 'point_in_time' then crm_lines.starts_on else crm_lines.ends_on
        end as crm_ends_on,
        erp_lines.amount_minor as erp_minor,
        coalesce(erp_terms.terms_minor, erp_lines.allocated_minor) as allocated_minor,
        coalesce(erp_terms.leveled_minor, 0) as leveled_minor,
        coalesce(erp_terms.has_other_pattern, false) as has_other_pattern,
        coalesce(erp_terms.has_other_dates, false) as has_other_dates,
        coalesce(erp_terms.has_other_rule, false) as has_other_rule,
        coalesce(erp_terms.has_other_ramp, false) as has_other_ramp,
        coalesce(erp_terms.is_charged_apart, false) as is_charged_apart,
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
        -- Lines for one part of the term each repeat the quantity: only amounts can be compared.
        case
            when erp_lines.records > 1 and crm_lines.amount_minor = erp_lines.amount_minor
                then crm_lines.quantity
            else erp_lines.quantity
        end as erp_quantity,
        erp_lines.known_on as erp_known_on,
        -- Within the integration's lag a booking that is not in the ERP yet is no break.
        least(
            coalesce(
                erp_lines.known_on, {{ add_days('crm_lines.known_on', var('handoff_lag_days')) }}
            ),
            coalesce(
                {{ add_days('crm_lines.known_on', var('handoff_lag_days')) }}, erp_lines.known_on
            )
        ) as handed_on,
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
    left join erp_terms
        on erp_lines.contract_line_version_id = erp_terms.contract_line_version_id
    left join held
        on coalesce(crm_lines.contract_id, erp_lines.contract_id) = held.contract_id

),

known_lines as (

    select
        contract_line_id,
        min(erp_known_on) as line_known_on
    from paired
    where duplicate_of_record_id is null
    group by contract_line_id

),

final as (

    select
        paired.*,
        known_lines.line_known_on
    from paired
    left join known_lines
        on paired.contract_line_id = known_lines.contract_line_id

)

select * from final
