-- Grain: one row per rate set x currency pair x day. The chain converts by the ERP's order rate.
with

final as (

    select
        cast(null as varchar) as rate_set,
        cast(null as varchar) as from_currency,
        cast(null as varchar) as to_currency,
        cast(null as date) as rated_on,
        cast(null as decimal(28, 10)) as rate
    where false

)

select * from final
