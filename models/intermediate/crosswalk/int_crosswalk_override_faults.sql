-- Grain: one row per override x what is wrong with it: the register is mended before anything is
-- published (tests/core/assert_no_override_has_expired.sql).
with

overrides as (

    select
        * replace ({{ salesforce_id_18('crm_record_id') }} as crm_record_id)
    from {{ ref('crosswalk_overrides') }}

),

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

checked as (

    select
        overrides.*,
        overrides.expires_on < reporting_dates.as_of_date as has_expired,
        overrides.expires_on < overrides.created_on as ends_before_it_begins,
        crm_lines.record_id is null as lacks_crm_record,
        erp_lines.record_id is null as lacks_erp_record
    from overrides
    cross join {{ ref('int_reporting_dates') }} as reporting_dates
    left join crm_lines
        on overrides.crm_record_id = crm_lines.record_id
    left join erp_lines
        on overrides.erp_record_id = erp_lines.record_id

),

found as (

    select
        *,
        'has expired on ' || cast(expires_on as varchar) as fault
    from checked
    where has_expired

    union all

    select
        *,
        'expires before it was decided' as fault
    from checked
    where ends_before_it_begins

    union all

    select
        *,
        'names a CRM record that is not in scope' as fault
    from checked
    where lacks_crm_record

    union all

    select
        *,
        'names an ERP record that is not in scope' as fault
    from checked
    where lacks_erp_record

)

select
    crm_record_id,
    erp_record_id,
    owner,
    fault,
    'The override of ' || crm_record_id || ' to ' || erp_record_id || ' by ' || owner || ' '
    || fault || '.' as message
from found
