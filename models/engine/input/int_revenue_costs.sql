-- Grain: one row per cost of a contract. No system of the company records them.
with

final as (

    select
        cast(null as varchar) as contract_key,
        cast(null as varchar) as cost_id,
        cast(null as date) as incurred_on,
        cast(null as varchar) as cost_type,
        cast(null as decimal(28, 10)) as amount,
        cast(null as date) as amortize_from,
        cast(null as date) as amortize_to
    where false

)

select * from final
