-- Grain: one row per scenario x pair of records of a group that only adds up together (pass 2):
-- the lines of one order and item in the CRM, and those in the ERP. An ERP line may hold several
-- order products and name the first of them: then equal quantities are enough, else amounts must
-- be equal.
with

candidates as (

    select * from {{ ref('int_crosswalk_sum_candidates') }}

),

summed as (

    select
        scenario_no,
        header_record_id,
        product_record_id,
        currency_code,
        min(record_id) filter (where witness = 'crm') as link_group,
        sum(amount_minor) filter (where witness = 'crm') as crm_minor,
        sum(amount_minor) filter (where witness = 'erp') as erp_minor,
        sum(quantity) filter (where witness = 'crm') as crm_quantity,
        sum(quantity) filter (where witness = 'erp') as erp_quantity,
        bool_or(is_anchor) as has_anchor
    from candidates
    group by scenario_no, header_record_id, product_record_id, currency_code

),

added_up as (

    -- A line key alone that links different amounts is left as it is.
    select * from summed
    where crm_minor = erp_minor or (has_anchor and crm_quantity = erp_quantity)

),

final as (

    select
        added_up.scenario_no,
        added_up.link_group,
        crm_side.record_id as crm_record_id,
        erp_side.record_id as erp_record_id
    from added_up
    inner join candidates as crm_side
        on
        added_up.scenario_no = crm_side.scenario_no
        and added_up.header_record_id = crm_side.header_record_id
        and added_up.product_record_id = crm_side.product_record_id
        and added_up.currency_code = crm_side.currency_code
        and crm_side.witness = 'crm'
    inner join candidates as erp_side
        on
        added_up.scenario_no = erp_side.scenario_no
        and added_up.header_record_id = erp_side.header_record_id
        and added_up.product_record_id = erp_side.product_record_id
        and added_up.currency_code = erp_side.currency_code
        and erp_side.witness = 'erp'

)

select * from final
