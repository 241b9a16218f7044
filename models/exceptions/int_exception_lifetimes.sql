-- Grain: one row per exception that a run has seen, what its history says up to the day the books
-- are read at. Gone and back on the same day (a run that was repeated) is no reopening.
with

run as (

    select as_of_date from {{ ref('int_exception_run') }}

),

states as (

    select
        history.*,
        lag(history.seen_from) over by_state as previous_seen_from,
        row_number() over (
            partition by history.exception_id
            order by history.state_no desc
        ) as states_back
    from {{ ref('fct_exception_history') }} as history
    inner join run
        on history.seen_from <= run.as_of_date
    window by_state as (partition by history.exception_id order by history.state_no)

),

lives as (

    select
        exception_id,
        min(seen_from) as first_seen_on,
        min(seen_at) as first_seen_at,
        max(seen_until) filter (where state_change != 'cleared') as last_seen_on,
        max(seen_from) filter (where states_back = 1 and state_change = 'cleared') as cleared_on,
        count(*) filter (where state_change = 'reopened' and seen_from > previous_seen_from)
            as reopened_count,
        min(first_period_no) as first_period_no,
        max(largest_amount_rpt) as largest_amount_rpt
    from states
    group by exception_id

),

final as (

    select
        states.exception_id,
        states.reason_code,
        states.contract_line_id,
        states.contract_id,
        states.customer_id,
        states.product_id,
        states.cause_field,
        states.cause_record_id,
        states.currency_code,
        lives.first_seen_on,
        lives.first_seen_at,
        lives.last_seen_on,
        lives.cleared_on,
        cast(lives.reopened_count as integer) as reopened_count,
        lives.first_period_no,
        lives.largest_amount_rpt
    from states
    inner join lives
        on states.exception_id = lives.exception_id
    where states.states_back = 1

)

select * from final
