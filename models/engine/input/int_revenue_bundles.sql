-- Grain: one row per bundle x line: lines regularly sold together at a price of their own. None is
-- known of the company.
with

final as (

    select
        cast(null as varchar) as contract_key,
        cast(null as varchar) as bundle_id,
        cast(null as varchar) as line_key,
        cast(null as decimal(28, 10)) as bundle_price
    where false

)

select * from final
