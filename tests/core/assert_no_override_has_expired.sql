-- Fails on a crosswalk override that has expired, or that names a record no system has: renew it
-- or remove it in seeds/crosswalk_overrides.csv.
with

overrides as (

    select * from {{ ref('crosswalk_overrides') }}

),

crm_lines as (

    select * from {{ ref('int_crm_contract_lines') }}

),

erp_lines as (

    select * from {{ ref('int_erp_contract_lines') }}

),

reporting_dates as (

    select * from {{ ref('int_reporting_dates') }}

)

select
    overrides.crm_record_id,
    overrides.erp_record_id,
    overrides.owner,
    overrides.expires_on,
    case
        when overrides.expires_on < reporting_dates.as_of_date
            then
                'The override of ' || overrides.crm_record_id || ' to ' || overrides.erp_record_id
                || ' by ' || overrides.owner || ' has expired'
        when overrides.expires_on < overrides.created_on then 'It ends before it was decided'
        else 'No system has such a record'
    end as problem
from overrides
cross join reporting_dates
left join crm_lines
    on {{ salesforce_id_18('overrides.crm_record_id') }} = crm_lines.record_id
left join erp_lines
    on overrides.erp_record_id = erp_lines.record_id
where
    (overrides.expires_on >= reporting_dates.as_of_date) is not true
    or (overrides.expires_on >= overrides.created_on) is not true
    or crm_lines.record_id is null
    or erp_lines.record_id is null
