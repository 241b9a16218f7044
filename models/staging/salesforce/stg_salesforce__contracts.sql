-- Grain: one row per CRM contract, deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'contract') }}

),

renamed as (

    select
        id as contract_id,
        account_id,
        sbqq_opportunity_c as opportunity_id,

        contract_number,
        status as contract_status,
        currency_iso_code as currency_code,

        is_deleted,

        start_date as starts_on,
        end_date as ends_on,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
