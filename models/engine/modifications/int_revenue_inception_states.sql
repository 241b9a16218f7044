-- Grain: one row per contract line, with its state at inception (step 0): what the allocation gave
-- it is open, nothing is earned. A line that joins later waits, with what it would weigh.
with

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

own_amounts as (

    -- Amounts that belong to one line from inception (606-10-32-40).
    select
        line_key,
        cast(sum(moved_minor) as bigint) as own_minor
    from {{ ref('int_revenue_estimates') }}
    where is_inception_estimate and line_key is not null
    group by line_key

),

inception as (

    select
        line_terms.*,
        coalesce(own_amounts.own_minor, 0) as own_minor,
        coalesce(allocated.allocated_minor, 0) as allocated_minor,
        coalesce(
            case line_terms.ssp_method
                when 'residual' then allocated.original_weight else ssps.ssp_weight
            end,
            0
        ) as weight
    from line_terms
    inner join {{ ref('int_revenue_line_ssps') }} as ssps
        on line_terms.line_key = ssps.line_key
    left join {{ ref('int_revenue_allocated') }} as allocated
        on
        line_terms.line_key = allocated.line_key
        and allocated.run_no = 0
    left join own_amounts
        on line_terms.line_key = own_amounts.line_key

),

final as (

    select
        contract_key,
        line_key,
        0 as step_no,
        modification_id is null as is_live,
        modification_id is null
        and is_distinct
        and not is_unenforceable
        and pattern in ('ratable', 'point_in_time', 'progress', 'drawdown') as is_open,
        true as is_reopened,
        false as is_stopped,
        cast(0 as bigint) as frozen_minor,
        cast(0 as bigint) as at_once_minor,
        cast(0 as bigint) as at_once_total_minor,
        cast(allocated_minor + case pattern when 'usage' then 0 else own_minor end as bigint)
            as open_minor,
        cast(case pattern when 'usage' then own_minor else 0 end as bigint) as component_minor,
        cast(case pattern when 'usage' then 0 else own_minor end as bigint) as own_minor,
        starts_on,
        ends_on,
        cast(0 as decimal(28, 10)) as delivered_base,
        cast(0 as decimal(28, 10)) as progressed_base,
        cast(0 as decimal(28, 10)) as used_base,
        cast(weight as hugeint) as weight,
        cast(0 as hugeint) as modified_weight,
        -- Of the whole line, what was unsatisfied when its open part began (10^-12), and when its
        -- contract was last modified prospectively.
        cast(1000000000000 as hugeint) as closed_unsatisfied,
        cast(1000000000000 as hugeint) as unsatisfied,
        cast(null as integer) as modified_position
    from inception

)

select * from final
