-- Grain: one row per contract (a CRM contract with its orders, or an ERP order without CRM order).
with

contract_lines as (

    select * from {{ ref('fct_contract_lines') }}

),

crm_contracts as (

    select * from {{ ref('stg_salesforce__contracts') }}

),

crm_deals as (

    select distinct
        {{ surrogate_key(["'crm'", 'contract_record_id']) }} as contract_id,
        contract_record_id,
        renewed_contract_record_id
    from {{ ref('int_crm_contract_lines') }}
    where deal_kind != 'amendment'

),

erp_orders as (

    select distinct
        header_record_id,
        header_number
    from {{ ref('int_erp_contract_lines') }}

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

grouped as (

    select
        contract_lines.contract_id,
        max(contract_lines.customer_id) as customer_id,
        max(crm_deals.contract_record_id) as salesforce_contract_id,
        max(crm_deals.renewed_contract_record_id) as renewed_salesforce_contract_id,
        coalesce(
            max(contract_lines.currency_code) filter (where contract_lines.witness = 'crm'),
            max(contract_lines.currency_code)
        ) as currency_code,
        {{ sorted_distinct_text('erp_orders.header_number') }} as netsuite_order_numbers,
        min_by(
            contract_lines.header_record_id,
            contract_lines.known_on || ' ' || contract_lines.record_id
        ) filter (where contract_lines.witness = 'erp') as erp_header_record_id,
        bool_or(contract_lines.witness = 'crm') as is_in_crm,
        bool_or(contract_lines.witness = 'erp') as is_in_erp,
        min(contract_lines.known_on) as booked_on,
        min(contract_lines.starts_on) as starts_on,
        max(contract_lines.ends_on) as ends_on
    from contract_lines
    left join crm_deals
        on contract_lines.contract_id = crm_deals.contract_id
    left join erp_orders
        on
        contract_lines.header_record_id = erp_orders.header_record_id
        and contract_lines.witness = 'erp'
    group by contract_lines.contract_id

),

final as (

    select
        grouped.contract_id,
        grouped.customer_id,
        grouped.salesforce_contract_id,
        case
            when grouped.renewed_salesforce_contract_id is not null
                then {{ surrogate_key(["'crm'", 'grouped.renewed_salesforce_contract_id']) }}
        end as renewed_contract_id,
        coalesce(crm_contracts.contract_number, grouped.netsuite_order_numbers) as contract_number,
        grouped.netsuite_order_numbers,
        grouped.currency_code,
        grouped.renewed_salesforce_contract_id is not null as is_renewal,
        grouped.is_in_crm,
        grouped.is_in_erp,
        grouped.booked_on,
        grouped.starts_on,
        grouped.ends_on,
        crm_source.record_url_prefix || grouped.salesforce_contract_id as crm_url,
        {{ erp_record_url(
            'erp_source.record_base_url', "'SalesOrd'", 'grouped.erp_header_record_id'
        ) }} as erp_url
    from grouped
    left join crm_source
        on true
    left join erp_source
        on true
    left join crm_contracts
        on grouped.salesforce_contract_id = crm_contracts.contract_id

)

select * from final
