-- Grain: one row per link that a person decided (seeds/crosswalk_overrides.csv) between records
-- both systems have.
with

overrides as (

    select
        cast(row_number() over (order by crm_record_id, erp_record_id) as integer) as override_no,
        {{ salesforce_id_18('crm_record_id') }} as crm_record_id,
        erp_record_id,
        owner,
        reason,
        created_on,
        expires_on
    from {{ ref('crosswalk_overrides') }}

),

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

known as (

    select
        overrides.*,
        crm_lines.header_record_id as crm_header_record_id,
        erp_lines.crm_line_key,
        erp_lines.crm_header_key
    from overrides
    inner join crm_lines
        on overrides.crm_record_id = crm_lines.record_id
    inner join erp_lines
        on overrides.erp_record_id = erp_lines.record_id

)

select * from known
