-- Grain: one row per scenario x pair of records no better pass linked, of one order, whose amounts
-- are within the tolerance. Another record that is just as close, but not equal, leaves it open
-- which is meant: such pairs are left out.
with

settled as (

    select
        scenario_no,
        crm_record_id,
        erp_record_id
    from {{ ref('int_crosswalk_direct_links') }}

    union all

    select
        scenario_no,
        crm_record_id,
        erp_record_id
    from {{ ref('int_crosswalk_pass_sums') }}

),

candidates as (

    select
        crm_records.scenario_no,
        crm_records.crm_record_id,
        erp_records.erp_record_id,
        erp_records.amount_minor as erp_minor,
        crm_records.amount_minor as crm_minor,
        crm_records.scenario_no || '|' || crm_records.header_record_id as group_key,
        case
            when crm_records.product_record_id = erp_records.crm_product_key then 0
            when erp_records.crm_product_key is null then 1
            else 2
        end as item_rank,
        abs(crm_records.amount_minor - erp_records.amount_minor) as amount_gap,
        coalesce(
            abs({{ days_between('crm_records.starts_on', 'erp_records.starts_on') }}), 99999
        ) as day_gap
    from {{ ref('int_crosswalk_crm_records') }} as crm_records
    inner join {{ ref('int_crosswalk_erp_records') }} as erp_records
        on
        crm_records.scenario_no = erp_records.scenario_no
        and crm_records.header_record_id = erp_records.crm_header_key
        and crm_records.currency_code = erp_records.currency_code
    inner join {{ ref('currencies') }} as currencies
        on crm_records.currency_code = currencies.currency_code
    where
        not erp_records.is_keyed
        and (
            abs(crm_records.amount_minor - erp_records.amount_minor)
            <= {{ var('crosswalk_tolerance_amount') }} * currencies.minor_units_per_major
            or abs(crm_records.amount_minor - erp_records.amount_minor) * 100
            <= {{ var('crosswalk_tolerance_percent') }} * abs(crm_records.amount_minor)
        )
        and (crm_records.scenario_no, crm_records.crm_record_id) not in (
            select (settled.scenario_no, settled.crm_record_id) from settled
        )
        and (erp_records.scenario_no, erp_records.erp_record_id) not in (
            select (settled.scenario_no, settled.erp_record_id) from settled
        )

),

weighed as (

    select
        *,
        min(erp_minor) over of_crm != max(erp_minor) over of_crm
        or min(crm_minor) over of_erp != max(crm_minor) over of_erp as is_ambiguous
    from candidates
    window
        of_crm as (
            partition by scenario_no, crm_record_id, item_rank, amount_gap, day_gap
        ),
        of_erp as (
            partition by scenario_no, erp_record_id, item_rank, amount_gap, day_gap
        )

)

select * from weighed
where not is_ambiguous
