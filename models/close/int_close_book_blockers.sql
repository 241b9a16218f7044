-- Grain: one row per period that can be closed x gate x record of the books that blocks it: periods,
-- accounts, planned revenue rows, crosswalk overrides.
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

overrides as (

    select * from {{ ref('crosswalk_overrides') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

earlier as (

    select
        candidates.period_key,
        'earlier_periods' as gate_code,
        earlier.period_key as record_id,
        cast(null as varchar) as contract_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        earlier.period_name || ' is not closed.' as message
    from candidates
    inner join candidates as earlier
        on candidates.period_no > earlier.period_no

),

read_too_soon as (

    select
        period_key,
        'books_read' as gate_code,
        period_key as record_id,
        cast(null as varchar) as contract_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        'The books are as of ' || cast(as_of_date as varchar) || '; the period ends on '
        || cast(ends_on as varchar) || '.' as message
    from candidates
    where as_of_date <= ends_on

),

open_in_erp as (

    select
        period_key,
        'erp_period' as gate_code,
        period_key as record_id,
        cast(null as varchar) as contract_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        period_name || ' is open in the ERP.' as message
    from candidates
    where period_status = 'open'

),

untied as (

    select
        candidates.period_key,
        'ledger_ties' as gate_code,
        ledger_ties.account_id as record_id,
        cast(null as varchar) as contract_id,
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

expired as (

    select
        candidates.period_key,
        'overrides_valid' as gate_code,
        overrides.crm_record_id as record_id,
        cast(null as varchar) as contract_id,
        cast(null as decimal(18, 3)) as amount_rpt,
        'Expired on ' || cast(overrides.expires_on as varchar) || ' (' || overrides.owner || ').'
            as message
    from candidates
    inner join overrides
        on overrides.expires_on < candidates.as_of_date

),

final as (

    select * from earlier

    union all

    select * from read_too_soon

    union all

    select * from open_in_erp

    union all

    select * from untied

    union all

    select * from unposted

    union all

    select * from expired

)

select * from final
