-- Grain: one row per planned revenue row x reason it waits for: from the first period in which it
-- is due by the plan and waits, to the first in which it does not (null: not yet).
-- closed_period_catch_up: its period was closed before the ERP had the fact, so it is due in the
-- first period that was open then. revenue_hold: its plan is on hold, or was until its catch-up
-- period. posting_lag: nothing keeps it and it is not posted.
-- expected_period_no: the period in which it is expected to be posted; null while a hold has no end.
with

planned_revenue as (

    -- What was due by now and not posted in its period; the rest waits for nothing.
    select planned_revenue.*
    from {{ ref('int_erp_planned_revenue') }} as planned_revenue
    inner join {{ ref('dim_accounting_period') }} as accounting_periods
        on planned_revenue.planned_period_no = accounting_periods.period_no
    where
        accounting_periods.has_ended
        and coalesce(planned_revenue.posting_period_no > planned_revenue.planned_period_no, true)

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

known as (

    -- What was planned for periods before the order's own is due with the order.
    select
        contract_lines.record_id,
        accounting_periods.period_no
    from {{ ref('int_erp_contract_lines') }} as contract_lines
    inner join accounting_periods
        on
        contract_lines.known_on >= accounting_periods.starts_on
        and contract_lines.known_on <= accounting_periods.ends_on

),

entries as (

    select distinct
        planned_period_no,
        entered_on
    from planned_revenue
    where entered_on is not null

),

open_periods as (

    select
        entries.planned_period_no,
        entries.entered_on,
        min(accounting_periods.period_no) as period_no
    from entries
    inner join accounting_periods
        on
        entries.planned_period_no <= accounting_periods.period_no
        and coalesce(accounting_periods.closed_on >= entries.entered_on, true)
    group by entries.planned_period_no, entries.entered_on

),

planned as (

    select
        planned_revenue.planned_revenue_id,
        planned_revenue.revenue_plan_id,
        planned_revenue.record_id,
        planned_revenue.planned_period_no,
        planned_revenue.posting_period_no,
        planned_revenue.entered_on,
        planned_revenue.is_on_hold,
        planned_revenue.catch_up_period_no,
        planned_revenue.amount_minor,
        greatest(
            planned_revenue.planned_period_no,
            coalesce(known.period_no, planned_revenue.planned_period_no)
        ) as due_period_no,
        greatest(
            planned_revenue.planned_period_no,
            coalesce(known.period_no, planned_revenue.planned_period_no),
            coalesce(open_periods.period_no, planned_revenue.planned_period_no)
        ) as open_period_no
    from planned_revenue
    left join known
        on planned_revenue.record_id = known.record_id
    left join open_periods
        on
        planned_revenue.planned_period_no = open_periods.planned_period_no
        and planned_revenue.entered_on = open_periods.entered_on

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
