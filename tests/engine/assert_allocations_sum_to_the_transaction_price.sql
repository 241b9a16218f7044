-- Fails on contracts whose allocation at inception is not their transaction price (606-10-32-28):
-- nothing is lost and nothing is made. A contract whose lines are all earned by use alone, or are
-- no performance obligation of their own, has nothing to allocate to; royalties that belong to
-- their own line leave fixed lines their prices.
with

allocations as (

    select
        contract_key,
        sum(amount_minor) as allocated_minor
    from {{ ref('int_revenue_allocations') }}
    where modification_id is null
    group by contract_key

),

allocated_contracts as (

    select distinct contract_key
    from {{ ref('int_revenue_allocated') }}
    where run_no = 0

),

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

)

select
    prices.contract_key,
    prices.transaction_price_minor,
    allocations.allocated_minor
from prices
inner join allocated_contracts
    on prices.contract_key = allocated_contracts.contract_key
left join allocations
    on prices.contract_key = allocations.contract_key
where prices.transaction_price_minor != coalesce(allocations.allocated_minor, 0)
