-- Grain: one row per scenario x pair of records that the line key of the integration links (pass
-- 1). Several ERP lines with one key are a split when the first of them (by order date) add up to
-- the CRM's amount, or to its quantity; else the one that fits best is the link.
with

overridden as (

    select * from {{ ref('int_crosswalk_pass_override') }}

),

keyed as (

    select
        crm_records.scenario_no,
        crm_records.crm_record_id,
        erp_records.erp_record_id,
        crm_records.amount_minor as crm_minor,
        crm_records.quantity as crm_quantity,
        erp_records.amount_minor as erp_minor,
        sum(erp_records.amount_minor) over so_far as minor_so_far,
        sum(erp_records.quantity) over so_far as quantity_so_far,
        row_number() over so_far as place_no,
        row_number() over (
            partition by crm_records.scenario_no, crm_records.crm_record_id
            order by
                case when crm_records.quantity = erp_records.quantity then 0 else 1 end,
                abs(crm_records.amount_minor - erp_records.amount_minor),
                case when crm_records.starts_on = erp_records.starts_on then 0 else 1 end,
                erp_records.known_on,
                erp_records.erp_record_id
        ) as closeness
    from {{ ref('int_crosswalk_crm_records') }} as crm_records
    inner join {{ ref('int_crosswalk_erp_records') }} as erp_records
        on
        crm_records.scenario_no = erp_records.scenario_no
        and crm_records.crm_record_id = erp_records.crm_line_key
    left join overridden as overridden_crm
        on
        crm_records.scenario_no = overridden_crm.scenario_no
        and crm_records.crm_record_id = overridden_crm.crm_record_id
    left join overridden as overridden_erp
        on
        erp_records.scenario_no = overridden_erp.scenario_no
        and erp_records.erp_record_id = overridden_erp.erp_record_id
    where overridden_crm.crm_record_id is null and overridden_erp.erp_record_id is null
    window
        so_far as (
            partition by crm_records.scenario_no, crm_records.crm_record_id
            order by
                erp_records.known_on, erp_records.header_record_id, erp_records.erp_record_id
            rows between unbounded preceding and current row
        )

),

measured as (

    select
        *,
        coalesce(
            max(case
                when minor_so_far = crm_minor and quantity_so_far = crm_quantity then place_no
            end) over of_record,
            max(case when minor_so_far = crm_minor and crm_minor != 0 then place_no end)
                over of_record,
            max(case when quantity_so_far = crm_quantity and crm_quantity != 0 then place_no end)
                over of_record
        ) as last_place_no
    from keyed
    window of_record as (partition by scenario_no, crm_record_id)

),

final as (

    select
        scenario_no,
        crm_record_id,
        erp_record_id,
        crm_minor,
        erp_minor,
        count(*) over (partition by scenario_no, crm_record_id) > 1 as is_split
    from measured
    where place_no <= last_place_no or (last_place_no is null and closeness = 1)

)

select * from final
