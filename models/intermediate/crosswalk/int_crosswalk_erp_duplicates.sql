-- Grain: one row per ERP line that says again what another one says, as when the integration ran
-- twice: no link has it, and its line key names a linked order product, or it repeats a linked line
-- of its CRM order in item, quantity, amount and dates.
with

links as (

    select * from {{ ref('int_crosswalk_links') }}

),

erp_records as (

    select
        erp_records.*,
        links.erp_record_id is not null as is_linked
    from {{ ref('int_crosswalk_erp_records') }} as erp_records
    left join links
        on erp_records.erp_record_id = links.erp_record_id and links.is_first_of_erp
    where erp_records.scenario_no = 0

),

erp_duplicates as (

    select
        erp_records.erp_record_id as record_id,
        coalesce(links.erp_record_id, min(repeated.erp_record_id)) as duplicate_of_record_id,
        case
            when links.erp_record_id is not null then 'line key ' || erp_records.crm_line_key
            else 'order ' || erp_records.crm_header_key || ', item, quantity, amount and dates'
        end as duplicate_evidence
    from erp_records
    left join links
        on erp_records.crm_line_key = links.crm_record_id and links.is_first_of_crm
    left join erp_records as repeated
        on
        erp_records.crm_header_key = repeated.crm_header_key
        and erp_records.product_record_id = repeated.product_record_id
        and erp_records.currency_code = repeated.currency_code
        and erp_records.quantity = repeated.quantity
        and erp_records.amount_minor = repeated.amount_minor
        and erp_records.starts_on is not distinct from repeated.starts_on
        and erp_records.ends_on is not distinct from repeated.ends_on
        and repeated.is_linked
        and not erp_records.is_keyed
    where not erp_records.is_linked
    group by
        erp_records.erp_record_id, erp_records.crm_line_key, erp_records.crm_header_key,
        links.erp_record_id
    having coalesce(links.erp_record_id, min(repeated.erp_record_id)) is not null

)

select * from erp_duplicates
