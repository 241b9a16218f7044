-- Grain: one row per contract line x step of its contract, with the state of the line after the
-- step; step 0 is the allocation at inception. One pass per step takes all contracts at once: what
-- each line has satisfied, the pool of the step, its split, the next state.
with recursive

step_lines as (

    select
        * exclude (contract_key, line_key, step_no),
        line_key as stepped_line_key,
        step_no as next_step_no
    from {{ ref('int_revenue_step_lines') }}

),

inception_states as (

    select * from {{ ref('int_revenue_inception_states') }}

),

states as (

    select * from inception_states

    union all

    (
        with

        carried as (

            select * exclude (is_reopened, at_once_minor) from states

        ),

        joined as (

            select
                carried.*,
                step_lines.*
            from carried
            inner join step_lines
                on
                carried.line_key = step_lines.stepped_line_key
                and carried.step_no + 1 = step_lines.next_step_no

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
                cast(sum(pool_part_minor) over (partition by contract_key) as bigint)
                    as split_minor,
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
