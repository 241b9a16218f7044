-- Grain: one row per CRM currency with its static rate.
with

source as (

    select * from {{ source('salesforce', 'currency_type') }}

),

renamed as (

    select
        id as currency_type_id,

        iso_code as currency_code,

        conversion_rate as units_per_corporate_unit,

        is_corporate,
        is_deleted,

        _dlt_load_id as load_id
    from source

)

select * from renamed
