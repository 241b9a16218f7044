-- Grain: one row per tiered usage line x band of quantity. The company sells no tiers.
with

final as (

    select
        cast(null as varchar) as line_key,
        cast(null as integer) as band_no,
        cast(null as decimal(28, 10)) as from_quantity,
        cast(null as decimal(28, 10)) as to_quantity,
        cast(null as decimal(28, 10)) as unit_price
    where false

)

select * from final
