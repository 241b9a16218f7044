-- Grain: one row per scenario x CRM contract line version in it, with what the passes compare.
-- Scenario 0 is the crosswalk as it is. Scenario n is the neighborhood of override n without it:
-- the orders its two records belong to. What an override does is the difference of the two.
with

overrides as (

    select * from {{ ref('int_crosswalk_overrides') }}

),

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

neighboring_orders as (

    select
        override_no as scenario_no,
        crm_header_record_id as header_record_id
    from overrides

    union

    select
        overrides.override_no as scenario_no,
        crm_lines.header_record_id
    from overrides
    inner join crm_lines
        on overrides.crm_line_key = crm_lines.record_id

    union

    select
        overrides.override_no as scenario_no,
        crm_lines.header_record_id
    from overrides
    inner join crm_lines
        on overrides.crm_header_key in (crm_lines.header_record_id, crm_lines.opportunity_record_id)

),

scenarios as (

    select
        0 as scenario_no,
        crm_lines.*
    from crm_lines

    union all

    select
        neighboring_orders.scenario_no,
        crm_lines.*
    from crm_lines
    inner join neighboring_orders
        on crm_lines.header_record_id = neighboring_orders.header_record_id

),

final as (

    select
        scenario_no,
        record_id as crm_record_id,
        header_record_id,
        opportunity_record_id,
        customer_record_id,
        product_record_id,
        currency_code,
        quantity,
        amount_minor,
        starts_on,
        ends_on
    from scenarios

)

select * from final
