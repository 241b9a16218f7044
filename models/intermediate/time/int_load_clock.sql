-- Grain: one row: the ERP's own clock (account time) at the last load. What the warehouse knows, it
-- has known since then at the latest.
with

loads as (

    select * from {{ ref('stg_tieout__loads') }}

),

final as (

    select max(source_clock_at) filter (where source_name = 'netsuite') as known_at
    from loads

)

select * from final
