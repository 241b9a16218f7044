-- Grain: one row per CPQ quote, deleted ones included. Its roll-up totals are not taken over: they
-- follow formula fields of the lines.
with

source as (

    select * from {{ source('salesforce', 'sbqq_quote_c') }}

),

renamed as (

    select
        id as quote_id,
        sbqq_account_c as account_id,
        sbqq_opportunity2_c as opportunity_id,

        sbqq_type_c as quote_type,
        sbqq_status_c as quote_status,
        currency_iso_code as currency_code,

        sbqq_primary_c as is_primary,
        sbqq_ordered_c as is_ordered,
        is_deleted,

        sbqq_start_date_c as starts_on,
        sbqq_end_date_c as ends_on,

        system_modstamp as modified_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
