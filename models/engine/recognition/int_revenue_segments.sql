-- Grain: one row per contract line that earns over time x state in which its amount or its term is
-- new: an amount over starts_on to ends_on (inclusive), of which this segment earns what lies after
-- counted_on, through stops_on. A prospective change starts a new term on its day; any other change
-- computes the term again from its start, and the difference is caught up (caught_up_minor).
with

line_terms as (

    select *
    from {{ ref('int_revenue_line_terms') }}
    where
        not is_unenforceable
        and (
            pattern = 'ratable'
            or (pattern = 'usage' and minimum = 'stand_ready' and price_minor > 0)
        )
        and line_key not in (select years.line_key from {{ ref('int_revenue_annuities') }} as years)

),

steps as (

    select * from {{ ref('int_revenue_steps') }}

),

calendar as (

    select * from {{ ref('int_revenue_calendar') }}

),

compared as (

    select
        states.contract_key,
        states.line_key,
        states.step_no,
        states.is_reopened,
        states.open_minor,
        states.starts_on,
        states.ends_on,
        lag(states.open_minor) over line_states as previous_minor,
        lag(states.starts_on) over line_states as previous_starts_on,
        lag(states.ends_on) over line_states as previous_ends_on,
        lag(states.is_live) over line_states as was_live
    from {{ ref('int_revenue_states') }} as states
    inner join line_terms
        on states.line_key = line_terms.line_key
    where states.is_live
    window line_states as (partition by states.line_key order by states.step_no)

),

changed as (

    select
        compared.*,
        steps.occurred_on,
        calendar.period_starts_on
    from compared
    left join steps
        on
        compared.contract_key = steps.contract_key
        and compared.step_no = steps.step_no
    left join calendar
        on steps.occurred_on = calendar.calendar_day
    where
        compared.was_live is null
        or compared.is_reopened
        or compared.open_minor != compared.previous_minor
        or compared.starts_on != compared.previous_starts_on
        or compared.ends_on != compared.previous_ends_on

),

bounded as (

    select
        *,
        was_live is null or is_reopened as is_new_term,
        -- What is posted before a change: through the last period end before it, or all.
        case
            when was_live is null or is_reopened then {{ add_days('starts_on', '-1') }}
            when ends_on < occurred_on then ends_on
            else {{ add_days('period_starts_on', '-1') }}
        end as counted_on,
        lead(occurred_on) over line_states as next_occurred_on,
        lead(period_starts_on) over line_states as next_period_starts_on,
        lead(is_reopened) over line_states as is_next_reopened,
        lead(ends_on) over line_states as next_ends_on
    from changed
    window line_states as (partition by line_key order by step_no)

),

stopped as (

    select
        bounded.contract_key,
        bounded.line_key,
        bounded.step_no,
        bounded.is_new_term,
        bounded.occurred_on,
        bounded.open_minor as amount_minor,
        bounded.starts_on,
        bounded.ends_on,
        bounded.counted_on,
        least(
            bounded.ends_on,
            case
                when bounded.next_occurred_on is null then bounded.ends_on
                when bounded.is_next_reopened then {{ add_days('bounded.next_occurred_on', '-1') }}
                when bounded.ends_on < bounded.next_occurred_on then bounded.ends_on
                else {{ add_days('bounded.next_period_starts_on', '-1') }}
            end
        ) as stops_on,
        coalesce(bounded.next_ends_on, bounded.ends_on) as serves_until,
        coalesce(bounded.is_next_reopened, false) as is_closed,
        line_terms.proration,
        line_terms.day_boundary,
        line_terms.schedule_residual,
        line_terms.proration = 'daily'
        and line_terms.day_boundary != 'noon'
        and line_terms.schedule_residual = 'cumulative' as is_exact_days
    from bounded
    inner join line_terms
        on bounded.line_key = line_terms.line_key
    where bounded.starts_on is not null

),

final as (

    {{ with_term_measures('stopped') }}

)

select * from final
