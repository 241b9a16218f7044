-- Grain: one row per scenario x pair of records that the header key links, with the same item and
-- the same amount (pass 2). Equal lines of one order are told apart by their rank: which is which
-- makes no difference.
with

settled as (

    select
        scenario_no,
        crm_record_id,
        erp_record_id
    from {{ ref('int_crosswalk_pass_override') }}

    union

    select
        scenario_no,
        crm_record_id,
        erp_record_id
    from {{ ref('int_crosswalk_pass_line_key') }}

),

erp_open as (

    select
        erp_records.*,
        row_number() over (
            partition by
                erp_records.scenario_no,
                erp_records.crm_header_key,
                erp_records.crm_product_key,
                erp_records.currency_code,
                erp_records.amount_minor
            order by erp_records.starts_on, erp_records.known_on, erp_records.erp_record_id
        ) as rank_no
    from {{ ref('int_crosswalk_erp_records') }} as erp_records
    left join settled
        on
        erp_records.scenario_no = settled.scenario_no
        and erp_records.erp_record_id = settled.erp_record_id
    where settled.erp_record_id is null and not erp_records.is_keyed

),

crm_open as (

    select crm_records.*
    from {{ ref('int_crosswalk_crm_records') }} as crm_records
    left join settled
        on
        crm_records.scenario_no = settled.scenario_no
        and crm_records.crm_record_id = settled.crm_record_id
    where settled.crm_record_id is null

),

crm_ranked as (

    select
        *,
        row_number() over (
            partition by
                scenario_no, header_record_id, product_record_id, currency_code, amount_minor
            order by starts_on, crm_record_id
        ) as rank_no
    from crm_open

),

paired as (

    select
        crm_ranked.scenario_no,
        crm_ranked.crm_record_id,
        erp_open.erp_record_id
    from crm_ranked
    inner join erp_open
        on
        crm_ranked.scenario_no = erp_open.scenario_no
        and crm_ranked.header_record_id = erp_open.crm_header_key
        and crm_ranked.product_record_id = erp_open.crm_product_key
        and crm_ranked.currency_code = erp_open.currency_code
        and crm_ranked.amount_minor = erp_open.amount_minor
        and crm_ranked.rank_no = erp_open.rank_no

)

select * from paired
