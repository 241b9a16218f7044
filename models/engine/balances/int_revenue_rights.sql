-- Grain: one row per contract whose balances are asked x day on which anything is due, settled or
-- recognized, or a balance is asked, cumulative through the day (606-10-45-1 to 45-4).
-- unconditional_minor: what the customer owes or has paid without further condition; of a contract
-- that can be cancelled at will only what has been paid or performed.
with

contracts as (

    select * from {{ ref('int_revenue_contracts') }}

),

movements as (

    select * from {{ ref('int_revenue_movements') }}

),

days as (

    select
        contract_key,
        moved_on,
        sum(due_minor) as due_minor,
        sum(settled_minor) as settled_minor,
        sum(credit_minor) as credit_minor,
        sum(revenue_minor) as revenue_minor,
        sum(performed_minor) as performed_minor
    from movements
    group by contract_key, moved_on

),

accumulated as (

    select
        contract_key,
        moved_on as balance_on,
        cast(sum(due_minor) over so_far as bigint) as due_minor,
        cast(sum(settled_minor) over so_far as bigint) as settled_minor,
        cast(sum(credit_minor) over so_far as bigint) as customer_credit_minor,
        cast(sum(revenue_minor) over so_far as bigint) as revenue_minor,
        cast(sum(performed_minor) over so_far as bigint) as performed_minor
    from days
    window
        so_far as (
            partition by contract_key
            order by moved_on
            rows between unbounded preceding and current row
        )

),

final as (

    select
        accumulated.*,
        case
            when contracts.cancellable
                then greatest(
                        accumulated.settled_minor,
                        least(accumulated.due_minor, accumulated.revenue_minor)
                    )
            else greatest(accumulated.due_minor, accumulated.settled_minor)
        end as unconditional_minor
    from accumulated
    inner join contracts
        on accumulated.contract_key = contracts.contract_key

)

select * from final
