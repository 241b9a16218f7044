-- Grain: one row per contract line x version, both witnesses side by side.
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

crm_source as (

    select record_url_prefix
    from {{ ref('dim_source') }}
    where source_name = 'salesforce'

),

erp_source as (

    select record_base_url
    from {{ ref('dim_source') }}
    where source_name = 'netsuite'

),

paired as (

    select
        contract_line_version_id,
        max(contract_line_id) as contract_line_id,
        max(contract_id) as contract_id,
        max(customer_id) as customer_id,
        coalesce(
            max(product_id) filter (where witness = 'crm'),
            max(product_id) filter (where witness = 'erp')
        ) as product_id,
        max(record_id) filter (where witness = 'crm') as crm_record_id,
        -- Of several ERP records the first speaks for the version.
        min(record_id) filter (where witness = 'erp') as erp_record_id,
        arg_min(header_record_id, record_id) filter (where witness = 'erp')
            as erp_header_record_id,
        max(match_pass) as match_pass,
        max(duplicate_of_record_id) as duplicate_of_record_id,
        max(version_no) as version_no,
        max(change_kind) as change_kind,
        max(ramp_group) as ramp_group,
        coalesce(
            max(currency_code) filter (where witness = 'crm'), max(currency_code)
        ) as currency_code,
        max(recognition_pattern) filter (where witness = 'crm') as crm_pattern,
        max(recognition_pattern) filter (where witness = 'erp') as erp_pattern,
        max(known_on) filter (where witness = 'crm') as booked_on,
        max(known_on) filter (where witness = 'erp') as erp_known_on,
        max(starts_on) filter (where witness = 'crm') as crm_starts_on,
        max(starts_on) filter (where witness = 'erp') as erp_starts_on,
        max(ends_on) filter (where witness = 'crm') as crm_ends_on,
        max(ends_on) filter (where witness = 'erp') as erp_ends_on
    from contract_lines
    group by contract_line_version_id

),

addressed as (

    select
        paired.*,
        crm_source.record_url_prefix || paired.crm_record_id as crm_url,
        {{ erp_record_url(
            'erp_source.record_base_url', "'SalesOrd'", 'paired.erp_header_record_id'
        ) }} as erp_url
    from paired
    left join crm_source
        on true
    left join erp_source
        on true

),

final as (

    select
        contract_line_version_id,
        contract_line_id,
        contract_id,
        customer_id,
        product_id,
        version_no,
        change_kind,
        -- ASC 606-10-25-12: added at its own price it stands beside the rest; 25-13(a): what
        -- remains is distinct from what was delivered, so a reduction works forward only.
        case
            when change_kind = 'initial' then 'original'
            when change_kind = 'increase' then 'separate_contract'
            else 'prospective'
        end as accounting_treatment,
        ramp_group,
        currency_code,
        coalesce(crm_pattern, erp_pattern) as recognition_pattern,
        match_pass,
        duplicate_of_record_id,
        crm_record_id,
        erp_record_id,
        erp_header_record_id,
        booked_on,
        erp_known_on,
        coalesce(crm_starts_on, erp_starts_on) as starts_on,
        coalesce(crm_ends_on, erp_ends_on) as ends_on,
        crm_url,
        erp_url
    from addressed

)

select * from final
