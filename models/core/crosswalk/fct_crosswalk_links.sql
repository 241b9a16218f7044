-- Grain: one row per link between a CRM and an ERP record, suggestions included.
with

pairs as (

    select * from {{ ref('int_crosswalk_pairs') }}

),

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

contract_lines as (

    select
        record_id,
        contract_line_id,
        contract_line_version_id,
        contract_id
    from {{ ref('fct_contract_lines') }}
    where witness = 'crm'

),

customers as (

    select * from {{ ref('dim_customer') }}

),

currencies as (

    select * from {{ ref('dim_currency') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

crm_source as (

    select * from {{ ref('dim_source') }}
    where source_name = 'salesforce'

),

erp_source as (

    select * from {{ ref('dim_source') }}
    where source_name = 'netsuite'

),

final as (

    select
        {{ surrogate_key(['pairs.crm_record_id', 'pairs.erp_record_id']) }} as link_id,
        {{ surrogate_key(['pairs.link_group']) }} as link_group_id,
        pairs.link_status,
        pairs.match_pass,
        pairs.match_confidence,
        pairs.match_evidence,
        pairs.cardinality,
        case
            when overrides.override_no is not null
                then {{ surrogate_key(['overrides.crm_record_id', 'overrides.erp_record_id']) }}
        end as override_id,
        pairs.crm_record_id,
        pairs.erp_record_id,
        crm_source.record_url_prefix || pairs.crm_record_id as crm_url,
        erp_source.record_url_prefix || pairs.erp_header_record_id as erp_url,
        contract_lines.contract_id,
        contract_lines.contract_line_id,
        contract_lines.contract_line_version_id,
        customers.customer_id,
        pairs.crm_currency_code,
        pairs.erp_currency_code,
        cast(pairs.crm_quantity as decimal(18, 4)) as crm_quantity,
        cast(pairs.erp_quantity as decimal(18, 4)) as erp_quantity,
        {{ money('pairs.crm_minor', 'crm_currencies.minor_unit_value') }} as crm_amount_txn,
        {{ money('pairs.erp_minor', 'erp_currencies.minor_unit_value') }} as erp_amount_txn,
        {{ money('pairs.crm_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as crm_amount_rpt,
        {{ money('pairs.erp_rpt_minor', 'reporting_currency.minor_unit_value') }}
            as erp_amount_rpt
    from pairs
    left join overrides
        on pairs.override_no = overrides.override_no
    left join contract_lines
        on pairs.crm_record_id = contract_lines.record_id
    left join customers
        on pairs.crm_customer_record_id = customers.salesforce_account_id
    left join currencies as crm_currencies
        on pairs.crm_currency_code = crm_currencies.currency_code
    left join currencies as erp_currencies
        on pairs.erp_currency_code = erp_currencies.currency_code
    left join crm_source
        on true
    left join erp_source
        on true
    cross join reporting_currency

)

select * from final
