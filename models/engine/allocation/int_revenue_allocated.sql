-- Grain: one row per contract x run of the allocation x line in it, with the amount allocated to
-- the line (606-10-32-28), in minor units that sum to the amount allocated.
with

royalty_rules as (

    select * from {{ ref('int_revenue_royalty_rules') }}

),

weights as (

    -- Where royalties belong to their lines, fixed lines keep their stated prices.
    select
        allocation_weights.contract_key,
        allocation_weights.run_no,
        allocation_weights.line_key,
        allocation_weights.line_no,
        allocation_weights.ramp_group,
        allocation_weights.allocation_residual,
        allocation_weights.split_minor,
        case
            when royalty_rules.is_targeted
                then {{ wide_integer('allocation_weights.price_minor') }}
            else allocation_weights.split_weight
        end as split_weight
    from {{ ref('int_revenue_allocation_weights') }} as allocation_weights
    left join royalty_rules
        on allocation_weights.contract_key = royalty_rules.contract_key

),

prices as (

    select * from {{ ref('int_revenue_transaction_prices') }}

),

line_terms as (

    {{ with_term_measures(ref('int_revenue_line_terms')) }}

),

shared as (

    {{ split_by_weights('weights', ['contract_key', 'run_no']) }}

),

allocated as (

    select
        shared.contract_key,
        shared.run_no,
        shared.line_key,
        shared.line_no,
        shared.allocation_residual,
        shared.split_weight as original_weight,
        shared.share_minor as allocated_minor,
        case when prices.ramp = 'straight_line' then shared.ramp_group end as ramp_group,
        cast(
            case
                when line_terms.is_unenforceable then 0
                when line_terms.proration = 'daily' then line_terms.term_days
                when line_terms.proration = 'even_periods'
                    then line_terms.last_period_no - line_terms.first_period_no + 1
                else {{ divide_integers(
                    '(' ~ calendar_months('numerator', 'line_terms.starts_on', 'line_terms.ends_on')
                    ~ ') * 1000000000',
                    calendar_months('denominator', 'line_terms.starts_on', 'line_terms.ends_on')
                ) }}
            end as hugeint
        ) as split_weight
    from shared
    inner join prices
        on shared.contract_key = prices.contract_key
    left join line_terms
        on shared.line_key = line_terms.line_key

),

ramps as (

    -- A ramp of constant service earns evenly: its total is shared again by time.
    select
        *,
        cast(sum(allocated_minor) over ramp as bigint) as split_minor,
        cast(sum(original_weight) over ramp as hugeint) as ramp_weight,
        cast(sum(split_weight) over ramp as hugeint) as ramp_time
    from allocated
    where ramp_group is not null
    window ramp as (partition by contract_key, run_no, ramp_group)

),

straightened as (

    {{ split_by_weights('ramps', ['contract_key', 'run_no', 'ramp_group']) }}

),

final as (

    select
        allocated.contract_key,
        allocated.run_no,
        allocated.line_key,
        allocated.line_no,
        allocated.allocation_residual,
        case
            when straightened.ramp_time > 0
                then {{ rounded_quotient(
                    'straightened.ramp_weight * straightened.split_weight', 'straightened.ramp_time'
                ) }}
            else allocated.original_weight
        end as original_weight,
        coalesce(straightened.share_minor, allocated.allocated_minor) as allocated_minor
    from allocated
    left join straightened
        on
        allocated.line_key = straightened.line_key
        and allocated.run_no = straightened.run_no

)

select * from final
