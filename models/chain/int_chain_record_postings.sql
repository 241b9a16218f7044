-- Grain: one row per contract line version x ERP record x accounting period with something planned
-- or posted: what the plan schedules, what began (and, negative, ceased) to wait in the period
-- (int_chain_waits: held, due in a later period because its own was closed, late), and what the
-- ledger took in. A record that several versions share is split cumulatively: at every period end
-- the parts sum to it.
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

contract_lines as (

    select
        record_id,
        contract_line_id,
        contract_line_version_id,
        share_before,
        share_through,
        share_total
    from {{ ref('fct_contract_lines') }}
    where witness = 'erp'

),

waits as (

    select * from {{ ref('int_chain_waits') }}

),

movements as (

    select
        record_id,
        planned_period_no as period_no,
        amount_minor as planned_minor,
        1 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        0 as posted_minor,
        0 as prior_period_minor,
        0 as posted_fn_minor
    from planned_revenue

    union all

    -- What begins to wait is added in its first period and taken off when it ceases.
    select
        waits.record_id,
        case ends.sign when 1 then waits.from_period_no else waits.until_period_no end as period_no,
        0 as planned_minor,
        0 as due_rows,
        case waits.reason_code when 'revenue_hold' then ends.sign * waits.amount_minor else 0 end
            as held_minor,
        case waits.reason_code
            when 'closed_period_catch_up' then ends.sign * waits.amount_minor else 0
        end as catch_up_minor,
        case waits.reason_code when 'posting_lag' then ends.sign * waits.amount_minor else 0 end
            as lag_minor,
        0 as posted_minor,
        0 as prior_period_minor,
        0 as posted_fn_minor
    from waits
    cross join (values (1), (-1)) as ends (sign)
    where ends.sign = 1 or waits.until_period_no is not null

    union all

    select
        record_id,
        posting_period_no as period_no,
        0 as planned_minor,
        0 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        amount_minor as posted_minor,
        case when posting_period_no > planned_period_no then amount_minor else 0 end
            as prior_period_minor,
        amount_fn_minor as posted_fn_minor
    from planned_revenue
    where posting_period_no is not null

),

summed as (

    select
        record_id,
        period_no,
        sum(planned_minor) as planned_minor,
        sum(due_rows) as due_rows,
        sum(held_minor) as held_minor,
        sum(catch_up_minor) as catch_up_minor,
        sum(lag_minor) as lag_minor,
        sum(posted_minor) as posted_minor,
        sum(prior_period_minor) as prior_period_minor,
        sum(posted_fn_minor) as posted_fn_minor
    from movements
    group by record_id, period_no

),

accumulated as (

    select
        *,
        sum(planned_minor) over so_far as planned_so_far,
        sum(held_minor) over so_far as held_so_far,
        sum(catch_up_minor) over so_far as catch_up_so_far,
        sum(lag_minor) over so_far as lag_so_far,
        sum(posted_minor) over so_far as posted_so_far,
        sum(prior_period_minor) over so_far as prior_period_so_far,
        sum(posted_fn_minor) over so_far as posted_fn_so_far
    from summed
    window
        so_far as (
            partition by record_id
            order by period_no
            rows between unbounded preceding and current row
        )

),

final as (

    select
        contract_lines.contract_line_version_id,
        contract_lines.contract_line_id,
        accumulated.record_id,
        accumulated.period_no,
        {{ share_moved('planned_so_far', 'planned_minor') }} as planned_minor,
        cast(accumulated.due_rows as bigint) as due_rows,
        {{ share_moved('held_so_far', 'held_minor') }} as held_minor,
        {{ share_moved('catch_up_so_far', 'catch_up_minor') }} as catch_up_minor,
        {{ share_moved('lag_so_far', 'lag_minor') }} as lag_minor,
        {{ share_moved('posted_so_far', 'posted_minor') }} as posted_minor,
        {{ share_moved('prior_period_so_far', 'prior_period_minor') }} as prior_period_minor,
        {{ share_moved('posted_fn_so_far', 'posted_fn_minor') }} as posted_fn_minor
    from accumulated
    inner join contract_lines
        on accumulated.record_id = contract_lines.record_id

)

select * from final
