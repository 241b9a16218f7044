-- Grain: one row, the day the books are read at.
with

loads as (

    select * from {{ ref('stg_tieout__loads') }}

),

final as (

    select
        coalesce(
            cast(nullif('{{ var("as_of_date") }}', '') as date),
            cast(max(source_clock_at) filter (where source_name = 'netsuite') as date)
        ) as as_of_date
    from loads

)

select * from final
