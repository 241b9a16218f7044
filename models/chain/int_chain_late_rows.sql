-- Grain: one row per planned revenue row that was due by now and not posted in its period, with the
-- periods that decide why: due_period_no, the period of the plan or, if later, of the ERP's order;
-- open_period_no, the first from there on whose books were open when the ERP had the fact.
with

planned_revenue as (

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
        and coalesce(entries.entered_on <= accounting_periods.closed_on, true)
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

)

select * from planned
