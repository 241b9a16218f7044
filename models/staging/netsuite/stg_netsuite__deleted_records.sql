-- Grain: one row per ERP record that was deleted (headers only).
with

source as (

    select * from {{ source('netsuite', 'deletedrecord') }}

),

renamed as (

    select
        recordid as record_id,
        recordtypeid as record_type_id,

        type as record_type,

        deleteddate as deleted_at,

        _dlt_load_id as load_id
    from source

)

select * from renamed
