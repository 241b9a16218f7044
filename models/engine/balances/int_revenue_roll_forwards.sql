-- Grain: one row per contract x asked day: what moved its net position since the asked day before.
-- The net position is the contract liability, or the contract asset below zero; adjustments are the
-- part of the recognized that changes earlier performance (606-10-50-8 to 10 and 50-12A).
with

positions as (

    select * from {{ ref('int_revenue_positions') }}

),

adjustments as (

    select
        positions.contract_key,
        positions.as_of,
        cast(sum(postings.amount_minor) as bigint) as adjusted_minor
    from positions
    inner join {{ ref('int_revenue_postings') }} as postings
        on
        positions.contract_key = postings.contract_key
        and positions.as_of >= postings.posted_on
    where postings.posting_kind = 'adjustment'
    group by positions.contract_key, positions.as_of

),

compared as (

    select
        positions.contract_key,
        positions.as_of,
        positions.net_minor,
        coalesce(lag(positions.net_minor) over contract_days, 0) as beginning_minor,
        positions.unconditional_minor
        - coalesce(lag(positions.unconditional_minor) over contract_days, 0) as billed_minor,
        positions.revenue_minor
        - coalesce(lag(positions.revenue_minor) over contract_days, 0) as recognized_minor,
        coalesce(adjustments.adjusted_minor, 0)
        - coalesce(lag(adjustments.adjusted_minor) over contract_days, 0) as adjusted_minor,
        positions.refund_liability_minor
        - coalesce(lag(positions.refund_liability_minor) over contract_days, 0) as refundable_minor
    from positions
    left join adjustments
        on
        positions.contract_key = adjustments.contract_key
        and positions.as_of = adjustments.as_of
    window contract_days as (partition by positions.contract_key order by positions.as_of)

),

final as (

    -- What is left is interest: it grows an advance and is not part of what is billed.
    select
        contract_key,
        as_of,
        beginning_minor,
        billed_minor,
        recognized_minor,
        adjusted_minor,
        refundable_minor,
        net_minor - beginning_minor - billed_minor + recognized_minor + refundable_minor
            as interest_minor,
        net_minor as ending_minor
    from compared

)

select * from final
