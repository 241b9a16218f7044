-- Grain: one row per pair of records that nothing links and that repeat no other, of one customer
-- and currency, with like amounts and first days of service.
with

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

crm_open as (

    select crm_records.*
    from {{ ref('int_crosswalk_crm_records') }} as crm_records
    left join links
        on crm_records.crm_record_id = links.crm_record_id
    left join {{ ref('int_crosswalk_crm_duplicates') }} as duplicates
        on crm_records.crm_record_id = duplicates.record_id
    where
        crm_records.scenario_no = 0
        and links.crm_record_id is null
        and duplicates.record_id is null

),

erp_open as (

    select erp_records.*
    from {{ ref('int_crosswalk_erp_records') }} as erp_records
    left join links
        on erp_records.erp_record_id = links.erp_record_id
    left join {{ ref('int_crosswalk_erp_duplicates') }} as duplicates
        on erp_records.erp_record_id = duplicates.record_id
    where
        erp_records.scenario_no = 0
        and links.erp_record_id is null
        and duplicates.record_id is null

),

candidates as (

    select
        crm_open.customer_record_id as group_key,
        crm_open.crm_record_id,
        erp_open.erp_record_id,
        case when crm_open.product_record_id = erp_open.crm_product_key then 0 else 1 end
            as item_rank,
        abs(crm_open.amount_minor - erp_open.amount_minor) as amount_gap,
        abs({{ days_between('crm_open.starts_on', 'erp_open.starts_on') }}) as day_gap
    from crm_open
    inner join erp_open
        on
        crm_open.customer_record_id = erp_open.crm_customer_key
        and crm_open.currency_code = erp_open.currency_code
    where
        abs({{ days_between('crm_open.starts_on', 'erp_open.starts_on') }})
        <= {{ var('crosswalk_suggestion_days') }}
        and abs(crm_open.amount_minor - erp_open.amount_minor) * 100
        <= {{ var('crosswalk_suggestion_percent') }} * abs(crm_open.amount_minor)

)

select * from candidates
