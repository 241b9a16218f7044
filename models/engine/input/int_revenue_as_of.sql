-- Grain: one row per contract x day on which its balances are asked. Nothing asks for them yet.
with

final as (

    select
        cast(null as varchar) as contract_key,
        cast(null as date) as as_of
    where false

)

select * from final
