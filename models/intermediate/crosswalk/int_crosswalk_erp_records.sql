-- Grain: one row per scenario x ERP contract line version in it, with what the passes compare.
-- is_keyed: the line key written by the integration names a CRM record, so that no other is looked
-- for. A key that names nothing (the record is gone) says nothing.
with

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

crm_records as (

    select * from {{ ref('int_crosswalk_crm_records') }}

),

single_orders as (

    -- A header may name the opportunity instead of the order, which is clear if it has one.
    select
        opportunity_record_id,
        min(header_record_id) as header_record_id
    from crm_records
    where scenario_no = 0
    group by opportunity_record_id
    having count(distinct header_record_id) = 1

),

erp_lines as (

    select
        erp_lines.* replace (
            coalesce(single_orders.header_record_id, erp_lines.crm_header_key) as crm_header_key
        ),
        keyed.crm_record_id is not null as is_keyed
    from {{ ref('int_erp_contract_lines') }} as erp_lines
    left join crm_records as keyed
        on erp_lines.crm_line_key = keyed.crm_record_id and keyed.scenario_no = 0
    left join single_orders
        on erp_lines.crm_header_key = single_orders.opportunity_record_id

),

named as (

    -- By what a CRM record of a scenario may be named.
    select
        scenario_no,
        crm_record_id as crm_key
    from crm_records
    where scenario_no != 0

    union

    select
        scenario_no,
        header_record_id as crm_key
    from crm_records
    where scenario_no != 0

),

neighbors as (

    select
        named.scenario_no,
        erp_lines.record_id
    from erp_lines
    inner join named
        on erp_lines.crm_line_key = named.crm_key

    union

    select
        named.scenario_no,
        erp_lines.record_id
    from erp_lines
    inner join named
        on erp_lines.crm_header_key = named.crm_key

    union

    select
        crm_records.scenario_no,
        overrides.erp_record_id as record_id
    from overrides
    inner join crm_records
        on overrides.crm_record_id = crm_records.crm_record_id
    where crm_records.scenario_no != 0

),

scenarios as (

    select
        0 as scenario_no,
        erp_lines.*
    from erp_lines

    union all

    select
        neighbors.scenario_no,
        erp_lines.*
    from erp_lines
    inner join neighbors
        on erp_lines.record_id = neighbors.record_id

),

final as (

    select
        scenario_no,
        record_id as erp_record_id,
        header_record_id,
        product_record_id,
        crm_line_key,
        crm_header_key,
        crm_customer_key,
        crm_product_key,
        currency_code,
        quantity,
        amount_minor,
        known_on,
        starts_on,
        ends_on,
        is_keyed
    from scenarios

)

select * from final
