-- Grain: one row per one object loaded by one run.
with

source as (

    select * from {{ source('tieout', 'loads') }}

),

renamed as (

    select
        load_id,
        run_id,

        source as source_name,
        object_name,
        table_name,
        source_url,

        rows_loaded,
        rows_quarantined,

        started_at,
        finished_at,
        source_clock as source_clock_at
    from source

)

select * from renamed
