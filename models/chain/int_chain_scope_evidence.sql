-- Grain: one row per contract line version x reason code of what the two systems' lines are: what
-- each of them shows.
with

scoped_versions as (

    select * from {{ ref('int_chain_scoped_versions') }}

),

products as (

    select * from {{ ref('dim_product') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

described as (

    select
        scoped_versions.*,
        coalesce(products.product_family, products.product_name) as scope_text,
        products.product_name as crm_product_text,
        coalesce(items.product_name, 'an item without a product') as erp_product_text,
        {{ money_text(
            '(scoped_versions.erp_minor + scoped_versions.closed_minor)',
            'currencies.minor_unit_value'
        ) }} as line_text,
        {{ money_text('scoped_versions.erp_minor', 'currencies.minor_unit_value') }} as open_text,
        {{ money_text('scoped_versions.crm_minor', 'currencies.minor_unit_value') }} as crm_text
    from scoped_versions
    inner join currencies
        on scoped_versions.currency_code = currencies.currency_code
    left join products
        on scoped_versions.product_id = products.product_id
    left join products as items
        on scoped_versions.item_product_id = items.product_id

),

found as (

    select
        contract_line_id,
        contract_line_version_id,
        'out_of_scope' as reason_code,
        'recognition' as evidence_label,
        scope_text || ': no revenue' as crm_value,
        case
            when erp_record_id is null then 'no sales order line'
            when erp_pattern = 'out_of_scope' then 'item without a recognition rule'
            else 'recognized as ' || coalesce(erp_pattern, 'none known')
        end as erp_value
    from described
    where is_out_of_scope

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'currency_mismatch' as reason_code,
        'currency' as evidence_label,
        crm_currency_code as crm_value,
        erp_currency_code as erp_value
    from described
    where is_currency_mismatch

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'erp_short_close' as reason_code,
        'open amount' as evidence_label,
        crm_text as crm_value,
        line_text || ' ordered, closed with ' || open_text as erp_value
    from described
    where closed_minor != 0

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'product_mismatch' as reason_code,
        'product' as evidence_label,
        crm_product_text as crm_value,
        erp_product_text as erp_value
    from described
    where is_other_product

    union all

    select
        contract_line_id,
        contract_line_version_id,
        'proration_method' as reason_code,
        'term prorated by' as evidence_label,
        crm_price_proration || ': ' || crm_text as crm_value,
        erp_price_proration || ': ' || line_text as erp_value
    from described
    where is_prorated_by_erp

)

select * from found
