-- Grain: one row per CRM opportunity, deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'opportunity') }}

),

renamed as (

    select
        id as opportunity_id,
        account_id,
        contract_id,
        sbqq_amended_contract_c as amended_contract_id,
        sbqq_renewed_contract_c as renewed_contract_id,
        owner_id as owner_user_id,

        name as opportunity_name,
        stage_name,
        currency_iso_code as currency_code,

        amount,

        is_closed,
        is_won,
        sbqq_renewal_c as is_renewal,
        is_deleted,

        close_date,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
