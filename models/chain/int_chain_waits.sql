-- Grain: one row per planned revenue row x reason it waits for: from the first period in which it
-- is due by the plan and waits, to the first in which it does not (null: not yet).
-- closed_period_catch_up: its period was closed before the ERP had the fact, so it is due in the
-- first period that was open then. revenue_hold: its plan is on hold, or was until its catch-up
-- period. posting_lag: nothing keeps it and it is not posted.
-- expected_period_no: the period in which it is expected to be posted; null while a hold has no
-- end.
with

planned as (

    select * from {{ ref('int_chain_late_rows') }}

),

waiting as (

    select
        *,
        'closed_period_catch_up' as reason_code,
        due_period_no as from_period_no,
        open_period_no as until_period_no,
        open_period_no as expected_period_no
    from planned

    union all

    select
        *,
        'revenue_hold' as reason_code,
        open_period_no as from_period_no,
        case when not is_on_hold then catch_up_period_no end as until_period_no,
        case when catch_up_period_no > open_period_no then catch_up_period_no end
            as expected_period_no
    from planned
    where is_on_hold or catch_up_period_no > open_period_no

    union all

    select
        *,
        'posting_lag' as reason_code,
        greatest(open_period_no, coalesce(catch_up_period_no, open_period_no)) as from_period_no,
        null as until_period_no,
        greatest(open_period_no, coalesce(catch_up_period_no, open_period_no))
            as expected_period_no
    from planned
    where not is_on_hold

),

ended as (

    -- Whatever it waits for, posting it ends that.
    select
        * replace (
            coalesce(
                least(until_period_no, posting_period_no), until_period_no, posting_period_no
            ) as until_period_no
        )
    from waiting

),

final as (

    select
        planned_revenue_id,
        revenue_plan_id,
        record_id,
        reason_code,
        planned_period_no,
        from_period_no,
        until_period_no,
        expected_period_no,
        entered_on,
        amount_minor
    from ended
    where coalesce(from_period_no < until_period_no, true)

)

select * from final
