-- Grain: one row per contract x asked day, with its balances in contract currency (606-10-45-1):
-- one of contract asset and contract liability, the receivable apart, the refund liability apart.
with

as_of_days as (

    select distinct
        contract_key,
        as_of
    from {{ ref('int_revenue_as_of') }}

),

rights as (

    select * from {{ ref('int_revenue_rights') }}

),

refund_liabilities as (

    select * from {{ ref('int_revenue_refund_liabilities') }}

),

remaining as (

    select * from {{ ref('int_revenue_remaining') }}

),

netted as (

    select
        rights.contract_key,
        as_of_days.as_of,
        rights.due_minor,
        rights.settled_minor,
        rights.revenue_minor,
        rights.unconditional_minor,
        rights.customer_credit_minor,
        rights.unconditional_minor - rights.settled_minor as receivable_minor,
        coalesce(refund_liabilities.refund_liability_minor, 0) as refund_liability_minor,
        rights.unconditional_minor
        - rights.revenue_minor
        - coalesce(refund_liabilities.refund_liability_minor, 0)
        + coalesce(interest.sign_in_net * interest.interest_minor, 0) as net_minor,
        coalesce(interest.interest_minor, 0) as interest_minor,
        remaining.remaining_minor
    from as_of_days
    inner join rights
        on
        as_of_days.contract_key = rights.contract_key
        and as_of_days.as_of = rights.balance_on
    left join refund_liabilities
        on
        as_of_days.contract_key = refund_liabilities.contract_key
        and as_of_days.as_of = refund_liabilities.as_of
    left join {{ ref('int_revenue_interest') }} as interest
        on
        as_of_days.contract_key = interest.contract_key
        and as_of_days.as_of = interest.as_of
    left join remaining
        on
        as_of_days.contract_key = remaining.contract_key
        and as_of_days.as_of = remaining.as_of

),

final as (

    select
        *,
        greatest(net_minor, 0) as contract_liability_minor,
        greatest(-net_minor, 0) as contract_asset_minor
    from netted

)

select * from final
