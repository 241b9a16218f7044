-- Grain: one row per contract x recognition period x whether it was posted, as a stretch of the
-- contract's revenue from from_minor to to_minor: posted revenue first, then what is still open
-- through the ERP's plans, by the period it is due in. Reductions take back the latest first.
with

reporting_period as (

    select period_no
    from {{ ref('dim_accounting_period') }}
    where is_reporting_period

),

plan_rows as (

    select * from {{ ref('int_balances_plan_rows') }}

),

obligations as (

    select * from {{ ref('int_balances_obligations') }}

),

earned as (

    select
        plan_rows.contract_id,
        0 as turn,
        plan_rows.posting_period_no as period_no,
        plan_rows.amount_minor,
        plan_rows.amount_fn_minor
    from plan_rows
    inner join reporting_period
        on plan_rows.posting_period_no <= reporting_period.period_no

    union all

    select
        obligations.contract_id,
        1 as turn,
        obligations.due_no as period_no,
        obligations.amount_minor,
        obligations.amount_fn_minor
    from obligations
    inner join reporting_period
        on
        obligations.known_no <= reporting_period.period_no
        and coalesce(obligations.gone_no, 1000000) > reporting_period.period_no

),

summed as (

    select
        contract_id,
        turn,
        period_no,
        cast(sum(amount_minor) as bigint) as earned_minor,
        cast(sum(amount_fn_minor) as bigint) as earned_fn_minor
    from earned
    group by contract_id, turn, period_no

),

running as (

    select
        *,
        sum(earned_minor) over (
            partition by contract_id
            order by turn, period_no
            rows between unbounded preceding and current row
        ) as earned_through
    from summed

),

kept as (

    select
        *,
        cast(
            greatest(
                min(earned_through) over (
                    partition by contract_id
                    order by turn, period_no
                    rows between current row and unbounded following
                ),
                0
            ) as bigint
        ) as to_minor
    from running

),

final as (

    select
        contract_id,
        turn,
        period_no,
        earned_minor,
        earned_fn_minor,
        coalesce(lag(to_minor) over (partition by contract_id order by turn, period_no), 0)
            as from_minor,
        to_minor
    from kept

)

select * from final
