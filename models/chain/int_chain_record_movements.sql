-- Grain: one row per planned revenue row x thing that comes of it in an accounting period: it is
-- planned (and mostly posted in the same), is posted in another, begins or (negative) ceases to
-- wait (int_chain_waits: held, due in a later period because its own was closed, late).
with

planned_revenue as (

    select * from {{ ref('int_erp_planned_revenue') }}

),

waits as (

    select * from {{ ref('int_chain_waits') }}

),

movements as (

    -- Most rows are posted in the period they are planned for: all of that is one row.
    select
        record_id,
        planned_period_no as period_no,
        amount_minor as planned_minor,
        1 as due_rows,
        0 as held_minor,
        0 as catch_up_minor,
        0 as lag_minor,
        case when posting_period_no = planned_period_no then amount_minor else 0 end
            as posted_minor,
        0 as prior_period_minor,
        case when posting_period_no = planned_period_no then amount_fn_minor else 0 end
            as posted_fn_minor
    from planned_revenue

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
    where posting_period_no is not null and posting_period_no is distinct from planned_period_no

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

)

select * from movements
