-- Grain: one row per ERP transaction header of any type.
with

source as (

    select * from {{ source('netsuite', 'transaction') }}

),

renamed as (

    select
        id as transaction_id,
        entity as customer_id,
        currency as currency_id,
        postingperiod as accounting_period_id,

        type as transaction_type,
        tranid as transaction_number,
        status as transaction_status,
        {{ first_filled(var("crm_header_link_fields")) }} as crm_header_id,

        exchangerate as exchange_rate,

        posting as is_posting,
        voided as is_voided,
        coalesce(_tieout_is_deleted, false) as is_deleted,

        trandate as transaction_date,

        createddate as created_at,
        lastmodifieddate as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
