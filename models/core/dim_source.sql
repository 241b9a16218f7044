-- Grain: one row per source system, as the last load found it.
with

loads as (

    select * from {{ ref('stg_tieout__loads') }}

),

addressed as (

    -- A site may open its records under another address than the one they are loaded from.
    select
        *,
        coalesce(
            nullif(
                case source_name
                    when 'salesforce' then '{{ var("crm_base_url") }}'
                    when 'netsuite' then '{{ var("erp_base_url") }}'
                end,
                ''
            ),
            source_url
        ) as record_base_url
    from loads

),

final as (

    select
        source_name,
        source_url,
        record_base_url,
        -- Where a person opens a record: an id is appended.
        case source_name
            when 'salesforce' then record_base_url || '/'
            when 'netsuite' then {{ erp_record_url('record_base_url', "'SalesOrd'", "''") }}
        end as record_url_prefix,
        load_id as last_load_id,
        source_clock_at,
        finished_at as last_loaded_at
    from addressed
    qualify row_number() over (
            partition by source_name
            order by finished_at desc, load_id desc, object_name desc
        ) = 1

)

select * from final
