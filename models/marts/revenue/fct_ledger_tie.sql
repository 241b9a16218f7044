-- Grain: one row per tracked ledger account x accounting period, from the first entry of any to the
-- reporting period. What the ledger holds beside what explains it; the difference must be 0. Each
-- account counts in its own direction: revenue and deferred revenue are credits, contract assets
-- and receivables debits.
with

parts as (

    select * from {{ ref('int_balances_ledger_tie') }}

),

accounts as (

    select * from {{ ref('int_balances_ledger_accounts') }}

),

accounting_periods as (

    select * from {{ ref('dim_accounting_period') }}

),

reporting_currency as (

    select * from {{ ref('dim_currency') }}
    where is_reporting_currency

),

span as (

    select
        min(parts.period_no) as first_no,
        max(accounting_periods.period_no) as last_no
    from parts
    cross join accounting_periods
    where accounting_periods.is_reporting_period

),

grid as (

    select
        accounts.*,
        accounting_periods.period_key,
        accounting_periods.period_no,
        accounting_periods.period_name,
        accounting_periods.is_reporting_period
    from accounts
    cross join span
    inner join accounting_periods
        on accounting_periods.period_no between span.first_no and span.last_no

),

explained as (

    select
        account_id,
        period_no,
        {{ summed('amount_fn_minor', 'ledger', 'part') }} as ledger_minor,
        {{ summed('amount_fn_minor', 'contract_lines', 'part') }} as contract_lines_minor,
        {{ summed('amount_fn_minor', 'summary_journals', 'part') }} as summary_journals_minor,
        {{ summed('amount_fn_minor', 'other_bills', 'part') }} as other_bills_minor,
        {{ summed('amount_fn_minor', 'settlements', 'part') }} as settlements_minor,
        {{ summed('amount_fn_minor', 'reclassifications', 'part') }} as reclassifications_minor,
        {{ summed('amount_fn_minor', 'manual_journals', 'part') }} as manual_journals_minor,
        {{ summed('amount_fn_minor', 'other_entries', 'part') }} as other_entries_minor
    from parts
    group by account_id, period_no

),

filled as (

    select
        grid.*,
        coalesce(explained.ledger_minor, 0) as ledger_minor,
        coalesce(explained.contract_lines_minor, 0) as contract_lines_minor,
        coalesce(explained.summary_journals_minor, 0) as summary_journals_minor,
        coalesce(explained.other_bills_minor, 0) as other_bills_minor,
        coalesce(explained.settlements_minor, 0) as settlements_minor,
        coalesce(explained.reclassifications_minor, 0) as reclassifications_minor,
        coalesce(explained.manual_journals_minor, 0) as manual_journals_minor,
        coalesce(explained.other_entries_minor, 0) as other_entries_minor
    from grid
    left join explained
        on
        grid.account_id = explained.account_id
        and grid.period_no = explained.period_no

),

compared as (

    select
        *,
        ledger_minor - contract_lines_minor - summary_journals_minor - other_bills_minor
        - settlements_minor - reclassifications_minor - manual_journals_minor
        - other_entries_minor as difference_minor,
        cast(sum(ledger_minor) over (partition by account_id order by period_no) as bigint)
            as balance_minor
    from filled

),

final as (

    select
        {{ surrogate_key(["'erp'", 'compared.account_id', 'compared.period_key']) }}
            as ledger_tie_id,
        compared.account_id,
        compared.account_number,
        compared.account_name,
        compared.account_role,
        compared.period_key,
        compared.period_no,
        compared.period_name,
        compared.is_reporting_period,
        reporting_currency.currency_code as reporting_currency_code,
        {{ money('compared.ledger_minor', 'reporting_currency.minor_unit_value') }}
            as ledger_rpt,
        {{ money('compared.contract_lines_minor', 'reporting_currency.minor_unit_value') }}
            as contract_lines_rpt,
        {{ money('compared.summary_journals_minor', 'reporting_currency.minor_unit_value') }}
            as summary_journals_rpt,
        {{ money('compared.other_bills_minor', 'reporting_currency.minor_unit_value') }}
            as other_bills_rpt,
        {{ money('compared.settlements_minor', 'reporting_currency.minor_unit_value') }}
            as settlements_rpt,
        {{ money('compared.reclassifications_minor', 'reporting_currency.minor_unit_value') }}
            as reclassifications_rpt,
        {{ money('compared.manual_journals_minor', 'reporting_currency.minor_unit_value') }}
            as manual_journals_rpt,
        {{ money('compared.other_entries_minor', 'reporting_currency.minor_unit_value') }}
            as other_entries_rpt,
        {{ money('compared.difference_minor', 'reporting_currency.minor_unit_value') }}
            as difference_rpt,
        {{ money('compared.balance_minor', 'reporting_currency.minor_unit_value') }}
            as ledger_balance_rpt
    from compared
    cross join reporting_currency

)

select * from final
