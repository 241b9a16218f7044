-- Grain: one row per contract line x step of its contract, with the state of the line after the
-- step; step 0 is the allocation at inception. One pass per step takes all contracts at once: what
-- each line has satisfied, the pool of the step, its split, the next state.
with recursive

line_terms as (

    select * from {{ ref('int_revenue_line_terms') }}

),

step_lines as (

    select * from {{ ref('int_revenue_step_lines') }}

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

states as (

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

    union all

    (
        with

        joined as (

            select
                states.* exclude (is_reopened, at_once_minor),
                step_lines.* exclude (contract_key, line_key, step_no),
                step_lines.step_no as next_step_no
            from states
            inner join step_lines
                on
                states.line_key = step_lines.line_key
                and states.step_no + 1 = step_lines.step_no

        ),

        termed as (

            {{ with_term_measures('joined') }}

        ),

        satisfied as (

            {{ with_satisfied_share('termed') }}

        ),

        pooled as (

            {{ with_pool_parts('satisfied') }}

        ),

        sharing as (

            select
                *,
                cast(sum(pool_part_minor) over (partition by contract_key) as bigint) as split_minor,
                next_weight as split_weight
            from pooled

        ),

        participants as (

            select *
            from sharing
            qualify turn = min(turn) over (partition by contract_key)

        ),

        shared as (

            {{ split_by_weights('participants', ['contract_key']) }}

        ),

        settled as (

            select
                sharing.*,
                shared.share_minor
            from sharing
            left join shared
                on sharing.line_key = shared.line_key

        )

        {{ next_states('settled') }}
    )

)

select * from states
