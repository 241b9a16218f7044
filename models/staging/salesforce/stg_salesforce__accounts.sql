-- Grain: one row per CRM account, deleted and merged ones included.
with

source as (

    select * from {{ source('salesforce', 'account') }}

),

renamed as (

    select
        id as account_id,
        parent_id as parent_account_id,
        master_record_id as merged_into_account_id,
        owner_id as owner_user_id,

        name as account_name,
        type as account_type,
        industry,
        billing_country,
        currency_iso_code as currency_code,

        is_deleted,

        created_date as created_at,
        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
