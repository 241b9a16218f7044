-- Grain: one row per period that can be closed x gate x revenue account or planned revenue row that
-- blocks it.
with

candidates as (

    select * from {{ ref('int_close_candidates') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

ledger_ties as (

    select * from {{ ref('int_erp_ledger_ties') }}
    where not is_tied

),

planned_revenue as (

    select * from {{ ref('fct_planned_revenue_history') }}
    where known_to is null

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

untied as (

    select
        candidates.period_key,
        'ledger_ties' as gate_code,
        ledger_ties.account_id as record_id,
        cast(null as varchar) as contract_id,
        cast(null as varchar) as contract_line_id,
        {{ money(
            '(coalesce(ledger_ties.ledger_minor, 0) - coalesce(ledger_ties.posted_minor, 0))',
            'reporting_currency.minor_unit_value'
        ) }} as amount_rpt,
        'The ledger account does not hold what the plan rows posted.' as message
    from candidates
    inner join ledger_ties
        on candidates.period_key = ledger_ties.accounting_period_id
    cross join reporting_currency

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
