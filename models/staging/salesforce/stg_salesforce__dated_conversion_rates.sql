-- Grain: one row per CRM conversion rate of one currency from one day to the next change.
with

source as (

    select * from {{ source('salesforce', 'dated_conversion_rate') }}

),

renamed as (

    select
        id as dated_conversion_rate_id,

        iso_code as currency_code,

        conversion_rate as units_per_corporate_unit,

        is_deleted,

        start_date as starts_on,
        next_start_date as ends_before,

        _dlt_load_id as load_id
    from source

)

select * from renamed
