-- Grain: one row per CRM order (initial, renewal or amendment), deleted ones included.
with

source as (

    select * from {{ source('salesforce', 'order') }}

),

renamed as (

    select
        id as order_id,
        account_id,
        contract_id,
        opportunity_id,
        sbqq_quote_c as quote_id,

        order_number,
        type as order_type,
        status_code,
        currency_iso_code as currency_code,

        total_amount,

        is_reduction_order,
        is_deleted,

        effective_date as effective_on,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
