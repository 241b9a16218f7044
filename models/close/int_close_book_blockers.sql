-- Grain: one row per period that can be closed x gate x ledger account or planned revenue row that
-- blocks it.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

ledger_ties as (

    select * from {{ ref('fct_ledger_tie') }}
    where difference_rpt != 0

),

planned_revenue as (

    select * from {{ ref('fct_planned_revenue_history') }}
    where known_to is null

),

untied as (

    select
        candidates.period_key,
        'ledger_ties' as gate_code,
        ledger_ties.account_id as record_id,
        cast(null as varchar) as contract_id,
        cast(null as varchar) as contract_line_id,
        ledger_ties.difference_rpt as amount_rpt,
        'Account ' || coalesce(ledger_ties.account_number || ' ', '')
        || coalesce(ledger_ties.account_name, ledger_ties.account_id)
        || ' holds what no record explains.' as message
    from candidates
    inner join ledger_ties
        on candidates.period_key = ledger_ties.period_key

),

unposted as (

    select
        candidates.period_key,
        'plans_posted' as gate_code,
        planned_revenue.planned_revenue_id as record_id,
        planned_revenue.contract_id,
        planned_revenue.contract_line_id,
        planned_revenue.amount_fn as amount_rpt,
        'Planned for ' || planned.period_name
        || coalesce(', posted in ' || posted.period_name, ', not posted') || '.' as message
    from planned_revenue
    inner join accounting_periods as planned
        on planned_revenue.planned_period_key = planned.period_key
    left join accounting_periods as posted
        on planned_revenue.posting_period_key = posted.period_key
    inner join candidates
        on
        planned.period_no <= candidates.period_no
        and (posted.period_no <= candidates.period_no) is not true
    where planned_revenue.amount_fn != 0

),

final as (

    select * from untied

    union all

    select * from unposted

)

select * from final
