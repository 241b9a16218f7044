-- Grain: one row per witness (crm, erp) x contract line x version. THE CONTRACT GRAIN: both systems
-- in one shape, the only input of the revenue engine; nothing downstream knows a source column.
-- Amounts are what the version adds to the line: sum the versions of a line, never take the last.
with

crm_lines as (

    select
        *,
        {{ surrogate_key(["'crm'", 'line_record_id']) }} as contract_line_id,
        {{ surrogate_key(["'crm'", 'record_id']) }} as contract_line_version_id,
        {{ surrogate_key(["'crm'", 'contract_record_id']) }} as contract_id
    from {{ ref('int_crm_contract_lines') }}

),

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

customers as (

    select * from {{ ref('dim_customer') }}

),

products as (

    select * from {{ ref('dim_product') }}

),

crm_witness as (

    select
        'crm' as witness,
        crm_lines.contract_line_id,
        crm_lines.contract_line_version_id,
        crm_lines.contract_id,
        customers.customer_id,
        products.product_id,
        crm_lines.record_id,
        crm_lines.header_record_id,
        links.match_pass,
        crm_lines.version_no,
        crm_lines.change_kind,
        crm_lines.deal_kind,
        crm_lines.ramp_group,
        crm_lines.currency_code,
        crm_lines.recognition_pattern,
        crm_lines.proration,
        crm_lines.quantity,
        crm_lines.amount_minor,
        crm_lines.amount_rpt_minor,
        crm_lines.rate_numerator,
        crm_lines.rate_denominator,
        crm_lines.known_on,
        crm_lines.starts_on,
        crm_lines.ends_on,
        crm_lines.load_id
    from crm_lines
    left join links
        on crm_lines.record_id = links.crm_record_id
    left join customers
        on crm_lines.customer_record_id = customers.salesforce_account_id
    left join products
        on crm_lines.product_record_id = products.salesforce_product_id

),

erp_witness as (

    -- A linked ERP line takes the contract line of its CRM twin; an unlinked one stands alone.
    select
        'erp' as witness,
        coalesce(
            crm_lines.contract_line_id, {{ surrogate_key(["'erp'", 'erp_lines.record_id']) }}
        ) as contract_line_id,
        coalesce(
            crm_lines.contract_line_version_id,
            {{ surrogate_key(["'erp'", 'erp_lines.record_id']) }}
        ) as contract_line_version_id,
        coalesce(
            crm_lines.contract_id, {{ surrogate_key(["'erp'", 'erp_lines.header_record_id']) }}
        ) as contract_id,
        coalesce(crm_customers.customer_id, erp_customers.customer_id) as customer_id,
        coalesce(crm_products.product_id, erp_products.product_id) as product_id,
        erp_lines.record_id,
        erp_lines.header_record_id,
        links.match_pass,
        coalesce(crm_lines.version_no, 1) as version_no,
        coalesce(crm_lines.change_kind, 'initial') as change_kind,
        coalesce(crm_lines.deal_kind, 'new') as deal_kind,
        crm_lines.ramp_group,
        erp_lines.currency_code,
        erp_lines.recognition_pattern,
        erp_lines.proration,
        erp_lines.quantity,
        erp_lines.amount_minor,
        erp_lines.amount_rpt_minor,
        erp_lines.rate_numerator,
        erp_lines.rate_denominator,
        erp_lines.known_on,
        erp_lines.starts_on,
        erp_lines.ends_on,
        erp_lines.load_id
    from erp_lines
    left join links
        on erp_lines.record_id = links.erp_record_id
    left join crm_lines
        on links.crm_record_id = crm_lines.record_id
    left join customers as crm_customers
        on crm_lines.customer_record_id = crm_customers.salesforce_account_id
    left join customers as erp_customers
        on erp_lines.customer_record_id = erp_customers.netsuite_customer_id
    left join products as crm_products
        on crm_lines.product_record_id = crm_products.salesforce_product_id
    left join products as erp_products
        on erp_lines.product_record_id = erp_products.netsuite_item_id

),

both_witnesses as (

    select * from crm_witness

    union all

    select * from erp_witness

),

final as (

    select
        {{ surrogate_key(['witness', 'record_id']) }} as contract_line_witness_id,
        witness,
        contract_line_id,
        contract_line_version_id,
        contract_id,
        customer_id,
        product_id,
        record_id,
        header_record_id,
        match_pass,
        version_no,
        change_kind,
        deal_kind,
        ramp_group,
        currency_code,
        recognition_pattern,
        proration,
        cast(quantity as decimal(18, 4)) as quantity,
        amount_minor,
        amount_rpt_minor,
        rate_numerator,
        rate_denominator,
        known_on,
        starts_on,
        ends_on,
        load_id
    from both_witnesses

)

select * from final
